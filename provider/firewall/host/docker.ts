/** Seconds that Docker has to answer; a socket can take a question and say nothing. */
export const dockerSeconds = 5;

/** Prints a line for each network of Docker's with a bridge: its id, and the bridge's name where it was given one. */
export const dockerNetworks = [
    "ids=$(docker network ls -q --no-trunc -f driver=bridge) || exit 1",
    `[ -z "$ids" ] || docker network inspect -f '{{.Id}} {{index .Options "com.docker.network.bridge.name"}}' -- $ids`,
].join("\n");
