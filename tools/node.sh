# Sourced: makes sure of Node and of the npm packages.

# node_is FILE MAJOR [MINOR]: no older than that
node_is() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number), [c, d] = process.argv.slice(1).map(Number); process.exit(a > c || (a === c && b >= d) ? 0 : 1)' \
        "$2" "${3:-0}" 2>/dev/null
}

node_is_enough() { command -v node >/dev/null && command -v npm >/dev/null && node_is node "${node_version%%.*}"; }

# install_node VERSION: npm distributes Node's binary, and Debian's npm can fetch it
install_node() {
    local version=$1 arch fresh folder=$cache/node-$1
    command -v npm >/dev/null || debian nodejs npm
    [ -x "$folder/bin/node" ] && return
    case $(uname -m) in
        x86_64) arch=x64 ;;
        aarch64) arch=arm64 ;;
        *) die "no Node $version for $(uname -m): install it by hand" ;;
    esac
    mkdir -p "$cache"
    say "Node $version and npm $npm_version from npm go into $folder"
    fresh=$(mktemp -d "$cache/node.XXXXXX")
    # this npm still runs on the oldest Node that is supported
    quietly "Node $version from npm" npm install --prefix "$fresh" --no-save --no-audit --no-fund "node-linux-$arch@$version" "npm@$npm_version"
    mkdir -p "$fresh/bin"
    ln -s "../node_modules/node-linux-$arch/bin/node" "$fresh/bin/node"
    ln -s ../node_modules/npm/bin/npm-cli.js "$fresh/bin/npm"
    ln -s ../node_modules/npm/bin/npx-cli.js "$fresh/bin/npx"
    # another run may have been faster: then its folder stays
    mv -T "$fresh" "$folder" 2>/dev/null || rm -rf "$fresh"
    hash -r
    "$folder/bin/node" --version >/dev/null || die "Node $version was installed into $folder and does not run"
}

# the machine's own where it is new enough
ensure_node() {
    mkdir -p "$cache"
    node_is_enough || install_node "$node_version"
    node_is_enough || die "Node $node_version was installed into $cache and is not the one that runs"
}

# npm ci only when the lock file is another one than that of the last time
ensure_packages() {
    local stamp=$root/node_modules/.package-lock.sha256 now
    now=$(sha256sum <"$root/package-lock.json")
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && return
    quietly "npm ci" npm ci --prefix "$root" --no-audit --no-fund
    printf '%s\n' "$now" >"$stamp"
}

# only when something that it is made of has changed since
build() {
    local stamp=$root/dist/.tsbuildinfo
    [ -f "$stamp" ] && [ -z "$(cd "$root" && find provider sdk cli sandbox tsconfig.json tsconfig.build.json package-lock.json -newer "$stamp" -print -quit)" ] && return
    quietly "build" npm run --prefix "$root" build
    touch "$stamp"
}
