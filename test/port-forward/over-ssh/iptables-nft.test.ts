import { forwardsOverSsh } from "../over-ssh";

forwardsOverSsh("iptables-nft");
