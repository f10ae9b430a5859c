import { onBareHost } from "../bare-suite";

onBareHost("nftables");
