# Sourced: makes sure of newer Docker engines than the lab's Debian has, each in a folder that is laid over /usr of a host.
. "$root/tools/lab.sh"
. "$root/tools/go.sh"

docker_old_version=28.5.2
# what calls itself 29, as a module
docker_new_version=2.0.0-beta.24
runc_version=1.3.3
# of the older engine's module, whose own file of checksums covers the rest
docker_old_sum=h1:DBX0Y0zAjZbSrm1uzOkdr1onVghKaftjlSWt4AFexzM=
# runc wants a newer libc than the lab's, and an older program runs with it
docker_packages="docker.io=$docker_old_version* docker-cli=$docker_old_version* containerd=2.1* runc=1.3* libc6/trixie"
# another version, or another way to make a folder, is another folder
docker_old=$cache/docker-$docker_old_version-$(printf '%s' "1: $docker_packages $runc_version" | sha256sum | cut -c1-12)
# only the engine itself: the rest is that of the older one, which lies below
docker_new=$cache/docker-29-$(printf '%s' "1: $docker_new_version" | sha256sum | cut -c1-12)

ensure_docker() {
    ensure_lab
    lab_is_complete || return 0
    docker_is_there "$docker_old" || keep "Docker $docker_old_version from Debian" "$docker_old" docker_from_debian
    docker_is_there "$docker_old" ||
        keep_built "Docker $docker_old_version from Go modules (some minutes)" "$docker_old" docker_from_modules
    docker_is_there "$docker_new" ||
        keep_built "Docker 29 from Go modules (some minutes)" "$docker_new" docker_29_from_modules
    docker_is_there "$docker_old" ||
        say "the lab has no Docker $docker_old_version and no 29: neither Debian nor Go modules gave them; their tests are skipped"
    docker_is_there "$docker_new" ||
        say "the lab has no Docker 29: it could not be built from Go modules; its tests are skipped"
}

# it comes into being with a rename, once all of it is there
docker_is_there() { [ -d "$1" ]; }

# keep_built NAME FOLDER COMMAND: what Go builds; who had no Go keeps none of its gigabytes of caches
keep_built() {
    (
        fresh=$(mktemp -d "$cache/docker.XXXXXX")
        trap 'rm -rf "$fresh"' EXIT
        command -v go >/dev/null || export GOPATH=$fresh/path GOCACHE=$fresh/cache
        ensure_go
        keep "$1" "$2" "$3"
    ) || true
}

# docker_from_debian FOLDER: of Debian's later suites, whichever the machine's own is
docker_from_debian() {
    local folder=$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror suite file
    mkdir -p "$folder"/{lists,archives}/partial "$folder/root" && : >"$folder/status" || return
    # from where the machine has its own
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep '/debian/$' | head -n 1)
    for suite in trixie forky sid; do
        echo "deb [signed-by=$keyring] ${mirror:?} $suite main"
    done >"$folder/sources.list"
    local own=(-o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::lists=$folder/lists" -o "Dir::State::status=$folder/status" -o "Dir::Cache=$folder"
        -o "Dir::Cache::archives=$folder/archives" -o APT::Sandbox::User=root -o Acquire::Retries=3
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
    apt-get "${own[@]}" update -qq || return
    # shellcheck disable=SC2086
    (cd "$folder/archives" && apt-get "${own[@]}" download -qq $docker_packages) || return
    for file in "$folder"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$file" | tar -x -C "$folder/root" --exclude='./usr/share/*' --exclude='*/gconv/*' \
            --exclude='*/cni/*' --exclude='./usr/bin/ctr' --wildcards './usr/*' || return
    done
    [ -x "$folder/root/usr/sbin/dockerd" ] && [ -x "$folder/root/usr/sbin/runc" ]
}

# docker_from_modules FOLDER: with the lab's own containerd and CLI
docker_from_modules() {
    local folder=$1 source
    mkdir -p "$folder/root/usr/sbin" "$folder/source" || return
    # a release of before there were modules: its file of them lies beside
    source=$(cd "$folder" && GOFLAGS=-modcacherw go mod download -json "github.com/docker/docker@v$docker_old_version+incompatible") || return
    grep -qF "\"Sum\": \"$docker_old_sum\"" <<<"$source" || {
        echo "the module of Docker $docker_old_version is not the one that was pinned"
        return 1
    }
    source=$(sed -n 's/^\t"Dir": "\(.*\)".*/\1/p' <<<"$source") && [ -d "$source" ] || return
    cp -r "$source/." "$folder/source" && chmod -R u+w "$folder/source" || return
    mv "$folder/source/vendor.mod" "$folder/source/go.mod" && mv "$folder/source/vendor.sum" "$folder/source/go.sum" || return
    local name
    for name in dockerd docker-proxy; do
        (cd "$folder/source" && GOFLAGS="-mod=readonly -modcacherw" CGO_ENABLED=0 go build -o "$folder/root/usr/sbin/$name" \
            -ldflags "-s -w -X github.com/docker/docker/dockerversion.Version=$docker_old_version" "./cmd/$name") || return
    done
    runc_from_modules "$folder" && cp "$folder/runc" "$folder/root/usr/sbin/"
}

# its first steps in a container are C
runc_from_modules() {
    command -v "${CC:-gcc}" >/dev/null || {
        echo "runc needs a C compiler, and there is none"
        return 1
    }
    with_c=1 go_build "$1" runc github.com/opencontainers/runc "$runc_version" ""
}

docker_29_from_modules() {
    local folder=$1 name
    mkdir -p "$folder/root/usr/sbin" || return
    for name in dockerd docker-proxy; do
        go_build "$folder" "$name" "github.com/moby/moby/v2/cmd/$name" "$docker_new_version" \
            "-X github.com/moby/moby/v2/dockerversion.Version=29.0.0-$docker_new_version" || return
        mv "$folder/$name" "$folder/root/usr/sbin/" || return
    done
}
