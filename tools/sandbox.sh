# Sourced: the sandbox that `make up` starts and `make down` stops.
. "$root/tools/lab.sh"

sandbox=$local/sandbox
host_packages="openssh-server openssh-client iptables iproute2 procps"
host_programs="sshd ssh xtables-nft-multi ip ps"
hosts=$cache/hosts-$(printf '%s' "$host_packages" | sha256sum | cut -c1-12)

# what the sandbox's hosts are made of, where they can be machines; the sandbox itself says what is left out elsewhere
ensure_hosts() {
    # shellcheck disable=SC2086
    unpacked "$hosts" $host_programs && return
    # the lab's folder has all of it
    if lab_is_complete; then
        hosts=$lab
        return
    fi
    [ -z "$(machines_obstacle)" ] || return 0
    # shellcheck disable=SC2086
    keep "the sandbox hosts' Debian packages" "$hosts" fetch_missing $host_packages
}

# ours, by its command line: a process id may have been given to somebody else
sandbox_pid() {
    local pid
    pid=$(cat "$sandbox/pid" 2>/dev/null) || return 1
    { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qF "$root/dist/sandbox/cli.js" && printf '%s' "$pid"
}

sandbox_answers() {
    local url
    url=$(node -p 'require(process.argv[1]).apiUrl' "$sandbox/ready.json" 2>/dev/null) || return 1
    node -e 'fetch(process.argv[1] + "/api/v4/").then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$url"
}

# sets sandbox_is_new
ensure_sandbox() {
    sandbox_is_new=false
    if sandbox_pid >/dev/null && sandbox_answers; then
        say "the sandbox runs already"
        return
    fi
    stop_sandbox
    sandbox_is_new=true
    mkdir -p "$sandbox"
    rm -f "$sandbox/ready.json"
    ensure_hosts
    local packages=()
    # a machine that has everything itself needs none
    if [ -d "$hosts" ]; then packages=(--packages "$hosts"); fi
    # without the script's own files and session, so that it outlives make
    setsid node "$root/dist/sandbox/cli.js" --port 0 --rethinkdb-port 0 --time-scale 2 "${packages[@]}" --ready-file "$sandbox/ready.json" \
        </dev/null >"$sandbox/log" 2>&1 &
    local pid=$!
    printf '%s' "$pid" >"$sandbox/pid"
    for _ in $(seq 100); do
        [ -s "$sandbox/ready.json" ] && sandbox_answers && {
            say "the sandbox was started; its log is .local/sandbox/log"
            grep -h "no machines" "$sandbox/log" >&2 || true
            return
        }
        # by its id alone: for a moment its command line is still this script's
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.2
    done
    cat "$sandbox/log" >&2
    die "the sandbox did not start"
}

stop_sandbox() {
    local pid
    pid=$(sandbox_pid) || return 0
    kill "$pid"
    for _ in $(seq 50); do
        sandbox_pid >/dev/null || break
        sleep 0.1
    done
    # its own process group, which setsid gave it
    if sandbox_pid >/dev/null; then kill -KILL -- "-$pid"; fi
    rm -f "$sandbox/pid" "$sandbox/ready.json"
    say "the sandbox was stopped"
}
