import { forwardsOverSsh } from "../over-ssh";

forwardsOverSsh("firewalld-nftables");
