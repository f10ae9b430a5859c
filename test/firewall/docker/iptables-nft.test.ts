import { onDockerHost } from "../docker-host";

onDockerHost("iptables-nft");
