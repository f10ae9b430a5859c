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
    say "the Pulumi CLI $2 with its Node language host goes into $1"
    from_release "$1" "$2" || from_modules "$1" "$2"
}

# where Pulumi publishes its releases, each with the checksums of its files
releases=${PULUMI_ISARDVDI_RELEASES:-https://github.com/pulumi/pulumi/releases/download}

# fetch SECONDS PATH FILE: nothing but the release's own protocol, also where it leads on
fetch() {
    local protocol=${releases%%:*}
    curl -fsSL --proto "=$protocol" --proto-redir "=$protocol" --connect-timeout 5 --max-time "$1" -o "$3" "$releases/$2"
}

# the published tarball, once its checksum is the published one
from_release() {
    local folder=$1 version=$2 arch name fresh
    case $(uname -m) in
        x86_64) arch=x64 ;;
        aarch64) arch=arm64 ;;
        *) return 1 ;;
    esac
    command -v curl >/dev/null || {
        say "there is no curl for Pulumi's release: the CLI is built from its Go modules instead"
        return 1
    }
    name=pulumi-v$version-linux-$arch.tar.gz
    mkdir -p "$cache"
    fresh=$(mktemp -d "$cache/pulumi.XXXXXX")
    if ! fetch 20 "v$version/pulumi-$version-checksums.txt" "$fresh/checksums" 2>/dev/null; then
        say "Pulumi's releases cannot be reached from here: the CLI is built from its Go modules instead"
    elif quietly "Pulumi $version from its release" unpack_release "$fresh" "$version" "$name"; then
        mv "$fresh"/pulumi/* "$folder/"
        rm -rf "$fresh"
        return
    else
        say "Pulumi's release was not used: the CLI is built from its Go modules instead"
    fi
    rm -rf "$fresh"
    return 1
}

# unpack_release FOLDER VERSION NAME
unpack_release() {
    fetch 600 "v$2/$3" "$1/$3" || return
    awk -v name="$3" '$2 == name || $2 == "*" name' "$1/checksums" >"$1/checksum"
    [ "$(wc -l <"$1/checksum")" = 1 ] && (cd "$1" && sha256sum --check --strict checksum) || {
        echo "$3 does not have its published checksum"
        return 1
    }
    tar -xzf "$1/$3" -C "$1" --no-same-owner && [ -x "$1/pulumi/pulumi" ] && [ -x "$1/pulumi/pulumi-language-nodejs" ]
}

from_modules() {
    local fresh
    fresh=$(mktemp -d "$cache/pulumi.XXXXXX")
    # who had no Go keeps none of its 3 GB of caches
    command -v go >/dev/null || export GOPATH=$fresh/path GOCACHE=$fresh/cache
    ensure_go
    if ! { language_host "$fresh" && build_cli "$fresh" "$2"; }; then
        rm -rf "$fresh"
        die "no Pulumi CLI $2 with its Node language host on PATH, and neither its release nor its Go modules gave one"
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
