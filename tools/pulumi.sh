# Sourced: makes sure of the Pulumi CLI, its Node language host and the dynamic provider's launcher.

ensure_pulumi() {
    mkdir -p "$bin"
    if ! cli_is_there; then
        from_installer || from_modules
        cli_is_there || die "the Pulumi CLI was installed into $bin and does not run"
    fi
    # the launcher is part of Pulumi's own installation; ours stands in where only the CLI is there
    command -v pulumi-resource-pulumi-nodejs >/dev/null || cp "$root/tools/pulumi-resource-pulumi-nodejs" "$bin/"
}

cli_is_there() { command -v pulumi >/dev/null && command -v pulumi-language-nodejs >/dev/null && pulumi version >/dev/null 2>&1; }

from_installer() {
    command -v curl >/dev/null || return 1
    local script
    script=$(curl -fsSL --connect-timeout 5 --max-time 20 https://get.pulumi.com 2>/dev/null) || {
        say "Pulumi's installer cannot be reached from here: the CLI is built from its Go modules instead"
        return 1
    }
    local fresh
    fresh=$(mktemp -d "$cache/pulumi.XXXXXX")
    quietly "Pulumi $pulumi_version by its installer" env HOME="$fresh" sh -c "$script" -- --version "$pulumi_version" --no-edit-path --install-root "$fresh" || return 1
    mv "$fresh"/bin/* "$bin/"
}

from_modules() {
    ensure_go
    local fresh
    fresh=$(mktemp -d "$cache/pulumi.XXXXXX")
    # two modules: the language host is of an older release, whose versions conflict with the CLI's
    quietly "Pulumi's Node language host from Go modules" go_build "$fresh" pulumi-language-nodejs \
        github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs "$language_host_version" ""
    quietly "the Pulumi CLI from Go modules (some minutes)" go_build "$fresh" pulumi \
        github.com/pulumi/pulumi/pkg/v3/cmd/pulumi "$pulumi_version" \
        "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$pulumi_version"
    mv "$fresh/pulumi" "$fresh/pulumi-language-nodejs" "$bin/"
    chmod -R u+w "$fresh" && rm -rf "$fresh"
}

# go_build FOLDER NAME PACKAGE VERSION LDFLAGS
go_build() {
    mkdir -p "$1/$2.module" && cd "$1/$2.module"
    go mod init "build" >/dev/null
    GOFLAGS=-mod=mod go get "$3@v$4"
    GOFLAGS=-mod=mod go build -o "$1/$2" -ldflags "-s -w $5" "$3"
}

# any Go from 1.21 on fetches the toolchain that the modules ask for
ensure_go() {
    command -v go >/dev/null || debian golang-go git ca-certificates
    export GOTOOLCHAIN=${GOTOOLCHAIN:-auto}
}
