import { onBareHost } from "../bare-suite";

onBareHost("iptables-legacy");
