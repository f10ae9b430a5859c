import { onNftablesEngine } from "../nftables-engine";

onNftablesEngine("iptables-nft");
onNftablesEngine("firewalld-nftables");
