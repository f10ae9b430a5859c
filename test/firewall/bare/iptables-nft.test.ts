import { onBareHost } from "../bare-suite";

onBareHost("iptables-nft");
