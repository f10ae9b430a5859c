# Sourced by the other scripts: where things are kept, and how progress is shown.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${PULUMI_ISARDVDI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pulumi-isardvdi}
local=$root/.local
node_version=20.19.5
pulumi_version=3.250.0
language_host_version=3.66.0
bin=$cache/pulumi-$pulumi_version/bin
export PATH=$bin:$cache/node-$node_version/bin:$PATH

say() { printf '%s\n' "$*" >&2; }
die() {
    say "error: $*"
    exit 1
}

# quietly NAME COMMAND...: runs it with its output in a log, says every ten seconds that it still runs
quietly() {
    local name=$1 log start status=0
    shift
    mkdir -p "$cache/log"
    log=$cache/log/${name//[^a-z0-9]/-}.log
    start=$SECONDS
    say "$name ..."
    "$@" >"$log" 2>&1 &
    local pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        if (((SECONDS - start) % 10 == 0)); then say "  $name: $((SECONDS - start)) s"; fi
    done
    wait "$pid" || status=$?
    if ((status != 0)); then
        tail -n 15 "$log" >&2
        say "$name failed after $((SECONDS - start)) s; the whole log is $log"
        return "$status"
    fi
    say "$name: done in $((SECONDS - start)) s"
}

# as_root COMMAND...: only what the system's package manager needs
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        die "\"$*\" needs root, and there is no sudo"
    fi
}

# debian PACKAGE...: installs Debian packages
debian() {
    command -v apt-get >/dev/null || die "$* is missing, and this is no Debian machine: install it by hand"
    quietly "apt-get update" as_root apt-get update -qq
    quietly "apt-get install $*" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
