# Sourced: makes sure of the Pulumi CLI, its Node language host and the dynamic provider's launcher.
. "$root/tools/go.sh"

ensure_pulumi() {
    cli_is_enough || ensure_cli_in "$bin" "$pulumi_version"
    hash -r
    cli_is_enough || die "the Pulumi CLI was installed into $bin and does not run"
    # part of Pulumi's own installation; ours stands in where only the CLI was built
    [ "$(command -v pulumi-resource-pulumi-nodejs || echo "$bin/")" != "${bin}/${launcher}" ] || launcher_into "$bin"
}

# with its language host, and no older than the oldest that is supported
cli_is_enough() {
    command -v pulumi >/dev/null && command -v pulumi-language-nodejs >/dev/null || return 1
    local version
    version=$(pulumi version 2>/dev/null) || return 1
    [[ $version =~ ^v?3\.([0-9]+)\. ]] && [ "${BASH_REMATCH[1]}" -ge "$pulumi_least_minor" ] && return
    say "the Pulumi CLI on PATH is $version, and 3.$pulumi_least_minor is needed: another one is kept in $bin"
    return 1
}

# ensure_cli_in FOLDER VERSION: the CLI of just that version
ensure_cli_in() {
    [ -x "$1/pulumi" ] && [ -x "$1/pulumi-language-nodejs" ] && return
    mkdir -p "$1"
    from_installer "$1" "$2" || from_modules "$1" "$2"
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
    if quietly "Pulumi $2 by its installer" env HOME="$fresh" sh -c "$script" -- \
        --version "$2" --no-edit-path --install-root "$fresh" && [ -x "$fresh/bin/pulumi" ]; then
        mv "$fresh"/bin/* "$1/"
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
    if ! { language_host "$fresh" && build_cli "$fresh" "$2"; }; then
        rm -rf "$fresh"
        die "no Pulumi CLI $2 with its Node language host on PATH, and neither its installer nor its Go modules gave one"
    fi
    mv "$fresh/pulumi" "$fresh/pulumi-language-nodejs" "$1/"
    rm -rf "$fresh"
    launcher_into "$1"
}

build_cli() {
    quietly "the Pulumi CLI $2 from Go modules (some minutes)" go_build "$1" pulumi \
        github.com/pulumi/pulumi/pkg/v3/cmd/pulumi "$2" \
        "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$2"
}

# a module of its own, of an older release, whose versions conflict with the CLI's; one for every CLI
language_host() {
    local kept=$cache/language-host-$language_host_version
    if ! [ -x "$kept/pulumi-language-nodejs" ]; then
        quietly "Pulumi's Node language host from Go modules" go_build "$1" pulumi-language-nodejs \
            github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs "$language_host_version" "" || return
        mkdir -p "$kept"
        cp "$1/pulumi-language-nodejs" "$kept/.fresh.$$" && mv "$kept/.fresh.$$" "$kept/pulumi-language-nodejs"
    fi
    cp "$kept/pulumi-language-nodejs" "$1/"
}

launcher=pulumi-resource-pulumi-nodejs
launcher_into() {
    local draft
    cmp -s "$root/tools/$launcher" "$1/$launcher" && return
    # renamed into place: another run may be starting it
    draft=$(mktemp "$1/.launcher.XXXXXX")
    cat "$root/tools/$launcher" >"$draft"
    chmod 755 "$draft"
    mv "$draft" "$1/$launcher"
}
