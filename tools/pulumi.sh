# Sourced: makes sure of the Pulumi CLI, its Node language host and the dynamic provider's launcher.
. "$root/tools/go.sh"

ensure_pulumi() {
    mkdir -p "$bin"
    if ! cli_is_enough; then
        from_installer || from_modules
        hash -r
        cli_is_enough || die "the Pulumi CLI was installed into $bin and does not run"
    fi
    ensure_launcher
}

# with its language host, and no older than what @pulumi/pulumi needs
cli_is_enough() {
    command -v pulumi >/dev/null && command -v pulumi-language-nodejs >/dev/null || return 1
    local version
    version=$(pulumi version 2>/dev/null) || return 1
    [[ $version =~ ^v?3\.([0-9]+)\. ]] && [ "${BASH_REMATCH[1]}" -ge "$pulumi_least_minor" ] && return
    say "the Pulumi CLI on PATH is $version, and 3.$pulumi_least_minor is needed: another one is kept in $bin"
    return 1
}

# part of Pulumi's own installation; ours stands in where only the CLI was built
ensure_launcher() {
    local name=pulumi-resource-pulumi-nodejs draft
    local there
    there=$(command -v "$name") && [ "$there" != "$bin/$name" ] && return
    cmp -s "$root/tools/$name" "$bin/$name" || [ -f "$bin/.installer" ] && return
    # renamed into place: another run may be starting it
    draft=$(mktemp "$bin/.launcher.XXXXXX")
    cat "$root/tools/$name" >"$draft"
    chmod 755 "$draft"
    mv "$draft" "$bin/$name"
}

from_installer() {
    command -v curl >/dev/null || {
        say "there is no curl for Pulumi's installer: the CLI is built from its Go modules instead"
        return 1
    }
    local script fresh
    script=$(curl -fsSL --connect-timeout 5 --max-time 20 https://get.pulumi.com 2>/dev/null) || {
        say "Pulumi's installer cannot be reached from here: the CLI is built from its Go modules instead"
        return 1
    }
    fresh=$(mktemp -d "$cache/pulumi.XXXXXX")
    if quietly "Pulumi $pulumi_version by its installer" env HOME="$fresh" sh -c "$script" -- \
        --version "$pulumi_version" --no-edit-path --install-root "$fresh" && [ -x "$fresh/bin/pulumi" ]; then
        touch "$fresh/bin/.installer"
        mv "$fresh"/bin/.installer "$fresh"/bin/* "$bin/"
        rm -rf "$fresh"
        return
    fi
    rm -rf "$fresh"
    say "Pulumi's installer did not succeed: the CLI is built from its Go modules instead"
    return 1
}

from_modules() {
    local fresh
    fresh=$(mktemp -d "$cache/pulumi.XXXXXX")
    # who had no Go keeps none of its 3 GB of caches
    command -v go >/dev/null || export GOPATH=$fresh/path GOCACHE=$fresh/cache
    ensure_go
    if ! build_modules "$fresh"; then
        rm -rf "$fresh"
        die "no Pulumi CLI with its Node language host on PATH, and neither its installer nor its Go modules gave one"
    fi
    mv "$fresh/pulumi" "$fresh/pulumi-language-nodejs" "$bin/"
    rm -rf "$fresh"
}

# two modules: the language host is of an older release, whose versions conflict with the CLI's
build_modules() {
    quietly "Pulumi's Node language host from Go modules" go_build "$1" pulumi-language-nodejs \
        github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs "$language_host_version" "" &&
        quietly "the Pulumi CLI from Go modules (some minutes)" go_build "$1" pulumi \
            github.com/pulumi/pulumi/pkg/v3/cmd/pulumi "$pulumi_version" \
            "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$pulumi_version"
}
