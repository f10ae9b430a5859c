# Sourced: the quickstart's stack, with everything it keeps inside the project's own folder.

export PULUMI_HOME=$local/pulumi
export PULUMI_BACKEND_URL=file://$local/state
export PULUMI_CONFIG_PASSPHRASE_FILE=$local/passphrase
export PULUMI_SKIP_UPDATE_CHECK=true
unset PULUMI_CONFIG_PASSPHRASE PULUMI_ACCESS_TOKEN
stack=dev

ensure_stack() {
    mkdir -p "$local/state" "$PULUMI_HOME"
    if [ ! -s "$PULUMI_CONFIG_PASSPHRASE_FILE" ]; then
        (umask 077 && head -c 24 /dev/urandom | base64 >"$PULUMI_CONFIG_PASSPHRASE_FILE")
        # encrypted with a passphrase that is gone
        rm -f "$root/Pulumi.$stack.yaml"
    fi
    drop_dead_locks
    pulumi stack select --cwd "$root" --create "$stack" --non-interactive >/dev/null
}

configure_stack() {
    local ready=$local/sandbox/ready.json
    pulumi config set --cwd "$root" --stack "$stack" isardvdi:apiUrl "$(node -p 'require(process.argv[1]).apiUrl' "$ready")"
    node -p 'require(process.argv[1]).apiSecret' "$ready" | tr -d '\n' |
        pulumi config set --cwd "$root" --stack "$stack" --secret isardvdi:apiSecret
    # keys go through a pipe, never into an argument
    if node -e 'process.exit(Object.keys(require(process.argv[1]).connections).length > 0 ? 0 : 1)' "$ready"; then
        node -p 'JSON.stringify(require(process.argv[1]).connections)' "$ready" |
            pulumi config set --cwd "$root" --stack "$stack" --secret isardvdi:connections
        # the way to the site's database, and to what explains a failure
        pulumi config set --cwd "$root" --stack "$stack" isardvdi:server server
    else
        pulumi config rm --cwd "$root" --stack "$stack" isardvdi:server
        pulumi config rm --cwd "$root" --stack "$stack" isardvdi:connections
    fi
}

# a run that was killed leaves its lock; Pulumi would refuse every later one
drop_dead_locks() {
    local lock pid
    for lock in "$local"/state/.pulumi/locks/*/*/"$stack"/*.json; do
        pid=$(node -p 'require(process.argv[1]).pid' "$lock" 2>/dev/null) || continue
        kill -0 "$pid" 2>/dev/null || rm -f "$lock"
    done
}
