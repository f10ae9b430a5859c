# Sourced: unpacks Debian packages into folders of their own; nothing is installed on the machine.

# unpacked FOLDER PROGRAM...: whether each program is in the folder or on the machine
unpacked() {
    local root=$1 program folder
    shift
    for program in "$@"; do
        for folder in {"$root",}/usr/{sbin,bin}; do
            [ -x "$folder/$program" ] && continue 2
        done
        return 1
    done
}

# keep NAME FOLDER COMMAND PACKAGE...: the folder "root" that the command makes of the packages
keep() {
    local name=$1 folder=$2 command=$3 fresh
    shift 3
    mkdir -p "$cache"
    say "$name go into $folder, and not into the system"
    fresh=$(mktemp -d "$cache/packages.XXXXXX")
    if quietly "$name" "$command" "$fresh" "$@"; then
        rm -rf "$folder"
        # another run may have been faster: then its folder stays
        mv -T "$fresh/root" "$folder" 2>/dev/null || true
    fi
    rm -rf "$fresh"
}

# why machines made of namespaces and packages are not to be had; nothing where they are
machines_obstacle() {
    if [ "$(id -u)" != 0 ]; then
        echo "it needs root"
    elif ! command -v apt-get >/dev/null; then
        echo "its hosts are made from Debian packages, and this machine has no apt-get"
    elif ! unshare --mount --net --pid --uts --ipc --cgroup --fork true 2>/dev/null; then
        echo "this machine gives no namespaces"
    fi
}

# fetch_missing FOLDER PACKAGE...: whatever the machine itself lacks; apt works on lists and archives of its own; only the list of installed packages is the machine's
fetch_missing() {
    local folder=$1
    shift
    mkdir -p "$folder"/{lists,archives}/partial "$folder"/root/{etc,var,usr/{bin,sbin,lib,lib32,lib64,libx32}} || return
    local own=(-o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder" -o "Dir::Cache::archives=$folder/archives"
        -o APT::Sandbox::User=root -o Acquire::Retries=3) file
    apt-get "${own[@]}" update -qq || return
    apt-get "${own[@]}" install -y -qq --download-only --no-install-recommends --no-upgrade "$@" || return
    # /usr is merged in a Debian of today, and some packages still say /lib
    for file in bin sbin lib lib32 lib64 libx32; do ln -s "usr/$file" "$folder/root/$file" || return; done
    for file in "$folder"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$file" | tar -x -C "$folder/root" --keep-directory-symlink || return
    done
}
