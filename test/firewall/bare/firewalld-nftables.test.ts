import { onBareHost } from "../bare-suite";

onBareHost("firewalld-nftables");
