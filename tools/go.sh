# Sourced: builds programs from their Go modules, and makes sure of a Go that can.

go_version=1.25.11

# Go 1.21 and later fetch the toolchain that a module asks for
go_is_enough() {
    command -v go >/dev/null || return 1
    local minor
    minor=$(go version | sed -nE 's/.* go1\.([0-9]+).*/\1/p')
    [ "${minor:-0}" -ge 21 ]
}

ensure_go() {
    # some images switch the fetching off
    export GOTOOLCHAIN=auto
    go_is_enough && return
    local toolchain=$cache/go-$go_version
    export PATH=$toolchain/bin:$PATH
    go_is_enough && return
    command -v go >/dev/null || debian golang-go git ca-certificates
    go_is_enough && return
    # an older Go cannot switch by itself, but it can download the same toolchain as a module
    local fresh
    fresh=$(mktemp -d "$cache/go.XXXXXX")
    quietly "Go $go_version from Go modules" download_go "$fresh" || true
    mv -T "$fresh"/mod/golang.org/toolchain@* "$toolchain" 2>/dev/null || true
    rm -rf "$fresh"
    hash -r
    go_is_enough || die "no Go that can build it, neither on PATH, nor from Debian, nor from Go modules: install Go 1.21 or later"
}

# both stop at the first failure by themselves: set -e does not hold where a caller looks at the result
download_go() {
    local arch
    # outside of any module; a module carries no permissions
    arch=$(go env GOARCH) && cd "$1" &&
        GOMODCACHE=$1/mod GOFLAGS=-modcacherw go mod download "golang.org/toolchain@v0.0.1-go$go_version.linux-$arch" &&
        chmod -R a+x "$1"/mod/golang.org/toolchain@*/bin "$1"/mod/golang.org/toolchain@*/pkg/tool
}

# go_build FOLDER NAME PACKAGE VERSION LDFLAGS: in a module of its own, of the versions and checksums in tools/go; with_c=1
# where some of it is C
go_build() {
    export GOFLAGS="-mod=readonly -modcacherw" CGO_ENABLED=${with_c:-0}
    mkdir -p "$1/$2.module" && cd "$1/$2.module" &&
        cp "$root/tools/go/$2-$4/go.mod" "$root/tools/go/$2-$4/go.sum" . &&
        go build -o "$1/$2" -ldflags "-s -w $5" "$3"
}

# go_pin FOLDER NAME PACKAGE VERSION: writes what go_build takes, for a version that is new; both architectures
go_pin() {
    export GOFLAGS="-mod=mod -modcacherw" CGO_ENABLED=${with_c:-0}
    mkdir -p "$1/$2-$4" && cd "$1/$2-$4" && rm -f go.mod go.sum &&
        go mod init build && go get "$3@v$4" && go list -deps "$3" >/dev/null && GOARCH=arm64 go list -deps "$3" >/dev/null
}
