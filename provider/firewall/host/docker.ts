/** Seconds that Docker has to answer; a socket can take a question and say nothing. */
export const dockerSeconds = 5;

/** Prints a line for each network of Docker's with a bridge: its id, and the bridge's name where it was given one. */
export const dockerNetworks = [
    // a name of its own is told by a second start of the CLI alone, which costs as much as all the rest of a look
    `list=$(docker network ls --no-trunc -f driver=bridge --format '{{.ID}} {{if eq .Name "bridge"}}docker0{{end}}') || exit 1`,
    "for bridge in /sys/class/net/*/bridge; do",
    "    link=${bridge%/bridge}; link=${link##*/}",
    `    case "$link" in docker0) grep -q ' docker0$' ;; br-????????????) grep -q "^\${link#br-}" ;; *) false ;; esac <<LIST || unknown=1`,
    "$list",
    "LIST",
    "done",
    `if [ -z "\${unknown:-}" ] || [ -z "$list" ]; then printf '%s\\n' "$list"; exit; fi`,
    `docker network inspect -f '{{.Id}} {{index .Options "com.docker.network.bridge.name"}}' -- $(printf '%s\\n' "$list" | cut -d ' ' -f 1)`,
].join("\n");
