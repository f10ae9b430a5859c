# Sourced: the oldest Node, CLI and SDK that are supported, beside those that everything else is tested with.

# in the checkout: bin/ with the CLI, node, and the node_modules of a program that has installed the package as it is now
floor=$root/.local/floor

ensure_floor() {
    install_node "$floor_node_version"
    ensure_cli_in "$cache/pulumi-$floor_pulumi_version/bin" "$floor_pulumi_version"
    ensure_floor_packages
    mkdir -p "$floor"
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

# as an installation lays them out: the SDK with all that it needs, and the package as it is now
link_floor_packages() {
    local name folder own=$floor/node_modules/pulumi-isardvdi
    rm -rf "$floor/node_modules"
    mkdir -p "$own"
    # copied, not linked: a link would lead back to this checkout's own @pulumi/pulumi
    cp -R "$root/package.json" "$root/dist" "$own/"
    # the floor's own first: it keeps what both have
    for folder in "$floor_packages/node_modules" "$root/node_modules"; do
        (cd "$folder" && find . -mindepth 1 -maxdepth 2 -name '[!.@]*' -type d \( -path './@*/*' -o ! -path './*/*' \)) | while read -r name; do
            name=${name#./}
            mkdir -p "$(dirname "$floor/node_modules/$name")"
            [ -e "$floor/node_modules/$name" ] || ln -s "$folder/$name" "$floor/node_modules/$name"
        done
    done
}
