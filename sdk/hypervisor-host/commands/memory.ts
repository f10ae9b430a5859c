import { unreadBy } from "../cfg";

/**
 * What a service was (re)created with is remembered on the host, so that a text that is run again, because of another
 * connection or another release of ours, recreates nothing: with isard-hypervisor's container its desktops would end.
 * All keys are remembered, and those that others alone read left out when two states are compared, so that a later
 * release may know better who reads what. Functions take the service and those keys, as "KEY|KEY".
 */
export const memory = String.raw`memory=$own/runs-with
commit=$(git -c safe.directory="$path" -C "$path" rev-parse -q --verify HEAD 2>/dev/null || echo none)
# KEY=value as sh reads isardvdi.cfg; no value becomes an argument or is written down
values() {
    env -i /bin/sh -c 'set -a; . "$0"; exec /usr/bin/env' "$path/isardvdi.cfg" | awk -v cfg="$path/isardvdi.cfg" '
        BEGIN { while ((getline line < cfg) > 0) if (match(line, /^[A-Za-z_][A-Za-z0-9_]*=/)) keys[substr(line, 1, RLENGTH)] }
        match($0, /^[^=]*=/) && (substr($0, 1, RLENGTH) in keys)'
}
declared() {
    values | while IFS= read -r pair; do
        set -- $(printf %s "$pair" | sha256sum)
        echo "${"$"}{pair%%=*} $1"
    done | LC_ALL=C sort
    echo "= $commit"
}
read_by() { grep -vE "^(${"$"}{1:-=none}) " || :; }
# what is cut off, or was lost with a disk, is no memory
is_remembered() { [ "$(tail -n 1 "$memory/$1" 2>/dev/null | cut -c 1-2)" = "= " ] && grep -q '^[A-Za-z_]' "$memory/$1"; }
is_as_declared() { [ "$(read_by "$2" <"$memory/$1")" = "$(declared | read_by "$2")" ]; }
remember() {
    ( umask 077; mkdir -p "$memory"; declared >"$memory/$1.new" )
    grep -q '^[A-Za-z_]' "$memory/$1.new" || fail "remember what $1 runs with: sh reads no key from $path/isardvdi.cfg. Look at the file."
    sync "$memory/$1.new"
    mv -f "$memory/$1.new" "$memory/$1"
}
runs() { [ "$(docker inspect --type container -f '{{if .State.Restarting}}false{{else}}{{.State.Running}}{{end}}' "$1" 2>/dev/null)" = true ]; }
# keys that a container has with another value
otherwise() {
    { values; echo; docker inspect --type container -f '{{range .Config.Env}}{{println .}}{{end}}' "$1" 2>/dev/null; } |
        awk -v unread="|$2|" '
            /^$/ { ended = 1; next }
            { key = $0; sub(/=.*/, "", key) }
            !ended { wanted[$0]; keys[key]; next }
            (key in keys) && !($0 in wanted) && !index(unread, "|" key "|") { printf " %s", key }'
}
# a container that runs and of which nothing is remembered stays as it is
adopt() {
    remember "$1"
    others=$(otherwise "$1" "$2")
    [ -z "$others" ] || echo "warning: $1 was built before with another value of$others, and goes on with that: it is recreated at the next change of what it reads, or by hand with docker compose -f $path/docker-compose.yml up -d --no-deps $1" >&2
}`;

/** Keys that the service does not read, in the form that these functions take. */
export const unread = (service: string): string => unreadBy(service).join("|");
