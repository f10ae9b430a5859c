# Sourced: the oldest Node, CLI and SDK that are supported, beside those that everything else is tested with.

# in the checkout: bin/ with the CLI, node, and the node_modules of a program that has installed the package as it is now
floor=$root/.local/floor

ensure_floor() {
    install_node "$floor_node_version"
    ensure_cli_in "$cache/pulumi-$floor_pulumi_version/bin" "$floor_pulumi_version"
    ensure_floor_packages
    mkdir -p "$floor/node_modules/@pulumi"
    ln -sfn "$cache/pulumi-$floor_pulumi_version/bin" "$floor/bin"
    ln -sfn "$cache/node-$floor_node_version/bin/node" "$floor/node"
    link_floor_packages
}

# the SDK of the floor by a lock file of its own
ensure_floor_packages() {
    local lock=$root/tools/floor/package-lock.json
    floor_packages=$cache/floor-$(sha256sum <"$lock" | cut -c1-12)
    [ -d "$floor_packages/node_modules/@pulumi/pulumi" ] && return
    local fresh
    fresh=$(mktemp -d "$cache/floor.XXXXXX")
    cp "$root"/tools/floor/package*.json "$fresh"
    quietly "the SDK of the floor" npm ci --prefix "$fresh" --no-audit --no-fund
    mv -T "$fresh" "$floor_packages" 2>/dev/null || rm -rf "$fresh"
}

# copied, not linked: a link would lead back to this checkout's own @pulumi/pulumi
link_floor_packages() {
    local name own=$floor/node_modules/pulumi-isardvdi
    rm -rf "$own"
    mkdir -p "$own"
    cp -R "$root/package.json" "$root/dist" "$own/"
    ln -sfn "$floor_packages/node_modules/@pulumi/pulumi" "$floor/node_modules/@pulumi/pulumi"
    for name in $(node -p 'Object.keys(require(process.argv[1]).dependencies).join(" ")' "$root/package.json"); do
        mkdir -p "$(dirname "$floor/node_modules/$name")"
        ln -sfn "$root/node_modules/$name" "$floor/node_modules/$name"
    done
}
