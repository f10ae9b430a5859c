# Sourced: makes sure of Node 20.19 or later and of the npm packages.

node_is_enough() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

# Debian's own Node where it is new enough; else its npm fetches the binary that npm distributes
install_node() {
    command -v npm >/dev/null || debian nodejs npm
    node_is_enough && return
    local arch folder=$cache/node-$node_version
    case $(uname -m) in
        x86_64) arch=x64 ;;
        aarch64) arch=arm64 ;;
        *) die "no Node $node_version for $(uname -m): install Node 20.19 or later by hand" ;;
    esac
    local fresh
    fresh=$(mktemp -d "$cache/node.XXXXXX")
    quietly "Node $node_version from npm" npm install --prefix "$fresh" --no-save --no-audit --no-fund "node-linux-$arch@$node_version" npm@10
    mkdir -p "$fresh/bin"
    ln -s "../node_modules/node-linux-$arch/bin/node" "$fresh/bin/node"
    ln -s ../node_modules/npm/bin/npm-cli.js "$fresh/bin/npm"
    ln -s ../node_modules/npm/bin/npx-cli.js "$fresh/bin/npx"
    # another run may have been faster: then its folder stays
    mv -T "$fresh" "$folder" 2>/dev/null || rm -rf "$fresh"
    hash -r
    node_is_enough || die "Node $node_version was installed into $folder and does not run"
}

ensure_node() {
    mkdir -p "$cache"
    node_is_enough || install_node
}

# npm ci only when the lock file is another one than that of the last time
ensure_packages() {
    local stamp=$root/node_modules/.package-lock.sha256 now
    now=$(sha256sum <"$root/package-lock.json")
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && return
    quietly "npm ci" npm ci --prefix "$root" --no-audit --no-fund
    printf '%s\n' "$now" >"$stamp"
}

build() { quietly "build" npm run --prefix "$root" build; }
