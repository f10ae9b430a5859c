# Sourced: makes sure of the Debian packages of the lab's hosts, in a folder of their own and never on the machine.

lab_packages="docker.io firewalld dbus iptables iptables-persistent nftables conntrack iproute2 ipset openssh-server openssh-client sudo
    systemd systemd-sysv python3 busybox-static netcat-openbsd socat kmod procps"
lab_programs="dockerd containerd runc docker-proxy docker-init firewalld dbus-daemon nft conntrack ip
    xtables-nft-multi xtables-legacy-multi sshd ssh sudo systemctl python3 busybox nc.openbsd"
# another list of packages is another folder
lab=$cache/lab-$(printf '%s' "$lab_packages" | sha256sum | cut -c1-12)

# whatever the machine itself lacks: what it has installed, the lab's hosts see through their overlay
ensure_lab() {
    lab_is_complete && return
    local reason
    reason=$(lab_obstacle)
    if [ -n "$reason" ]; then
        say "the lab cannot be used: $reason; its tests are skipped"
        return
    fi
    mkdir -p "$cache"
    local fresh
    fresh=$(mktemp -d "$cache/lab.XXXXXX")
    if quietly "the lab's Debian packages" fetch_lab "$fresh"; then
        rm -rf "$lab"
        # another run may have been faster: then its folder stays
        mv -T "$fresh/root" "$lab" 2>/dev/null || true
    fi
    rm -rf "$fresh"
    lab_is_complete || say "the lab cannot be used: its Debian packages could not be fetched; its tests are skipped"
}

lab_obstacle() {
    if [ "$(id -u)" != 0 ]; then
        echo "it needs root"
    elif ! command -v apt-get >/dev/null; then
        echo "its hosts are made from Debian packages, and this machine has no apt-get"
    elif ! unshare --mount --net --pid --uts --ipc --cgroup --fork true 2>/dev/null; then
        echo "this machine gives no namespaces"
    fi
}

lab_is_complete() {
    local program folder
    for program in $lab_programs; do
        for folder in {"$lab",}/usr/{sbin,bin}; do
            [ -x "$folder/$program" ] && continue 2
        done
        return 1
    done
}

# fetch_lab FOLDER: apt works on lists and archives of its own; only the list of installed packages is the machine's
fetch_lab() {
    mkdir -p "$1"/{lists,archives}/partial "$1"/root/usr/{bin,sbin,lib,lib32,lib64,libx32} || return
    local own=(-o "Dir::State::lists=$1/lists" -o "Dir::Cache=$1" -o "Dir::Cache::archives=$1/archives"
        -o APT::Sandbox::User=root -o Acquire::Retries=3) file
    apt-get "${own[@]}" update -qq || return
    # shellcheck disable=SC2086
    apt-get "${own[@]}" install -y -qq --download-only --no-install-recommends --no-upgrade $lab_packages || return
    # /usr is merged in a Debian of today, and some packages still say /lib
    for file in bin sbin lib lib32 lib64 libx32; do ln -s "usr/$file" "$1/root/$file" || return; done
    for file in "$1"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$file" | tar -x -C "$1/root" --keep-directory-symlink || return
    done
    # as installing would; 0.5 s for each firewall-cmd without it
    /usr/bin/python3 -m compileall -q "$1/root/usr/lib/python3" "$1/root/usr/sbin" || true
}
