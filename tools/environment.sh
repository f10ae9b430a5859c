# Sourced by the other scripts: where things are kept, and how progress is shown.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${PULUMI_ISARDVDI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pulumi-isardvdi}
local=$root/.local
# the pair that everything is tested with, and the oldest one that is supported
node_version=24.21.0
npm_version=11.21.2
pulumi_version=3.276.0
floor_node_version=20.19.5
floor_pulumi_version=3.250.0
pulumi_least_minor=250
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
    # of this process: two runs may do the same at once
    log=$cache/log/${name//[^A-Za-z0-9]/-}.$$.log
    start=$SECONDS
    say "$name ..."
    # a process group of its own, so that Ctrl-C ends all of it
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    local pid=$! next=10
    set +m
    trap 'kill -- "-$pid" 2>/dev/null; exit 130' INT TERM
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        if ((SECONDS - start >= next)); then
            say "  $name: $next s"
            next=$((next + 10))
        fi
    done
    wait "$pid" || status=$?
    trap - INT TERM
    if ((status != 0)); then
        tail -n 15 "$log" >&2
        say "$name failed after $((SECONDS - start)) s; the whole log is $log"
        return "$status"
    fi
    rm -f "$log"
    say "$name: done in $((SECONDS - start)) s"
}

# as_root COMMAND...: only what the system's package manager needs
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        die "\"$*\" needs root, and there is no sudo"
    fi
}

# consent WHAT: told before the system itself is changed, and asked once where somebody is there to answer
consent() {
    say "$1"
    if [ -z "${consented:-}" ] && [ "${YES:-}" != 1 ] && [ -z "${CI:-}" ] && [ -t 0 ] && [ -t 2 ] && ! in_container; then
        local answer
        read -r -p "Go on? [y/N] " answer || answer=
        case $answer in [yY] | [yY]es) ;; *) die "nothing was installed: run it again with YES=1, or install that by hand" ;; esac
    fi
    export consented=1
}

# as root: such a system is there for this alone
in_container() { [ "$(id -u)" = 0 ] && { [ -e /.dockerenv ] || [ -e /run/.containerenv ] || [ -n "${container:-}" ]; }; }

# debian PACKAGE...: installs Debian packages
debian() {
    command -v apt-get >/dev/null || die "$* is missing, and this is no Debian machine: install it by hand"
    consent "this machine lacks $*: apt-get install puts Debian's packages into the system itself"
    # asks for the password while it still can
    as_root true
    quietly "apt-get update" as_root apt-get update -qq
    quietly "apt-get install $*" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
