import { onDockerHost } from "../docker-host";

onDockerHost("firewalld-nftables");
