import { onEngine } from "../engines";

onEngine("20.10", ["firewalld-nftables"]);
