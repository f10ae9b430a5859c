# Sourced: makes sure of the Debian that the lab's hosts are made of, in a folder of its own and never on the machine.
. "$root/tools/packages.sh"
. "$root/tools/tree.sh"

lab_packages="docker.io firewalld dbus iptables iptables-persistent nftables conntrack iproute2 ipset openssh-server openssh-client sudo
    docker-compose systemd systemd-sysv python3 busybox-static netcat-openbsd socat kmod procps git"
# another list of packages, or another way to make the folder, is another folder
lab=$cache/lab-$(printf '%s' "tree 1: $lab_packages" | sha256sum | cut -c1-12)

ensure_lab() {
    lab_is_complete && return
    local reason
    reason=$(lab_obstacle)
    if [ -n "$reason" ]; then
        say "the lab cannot be used: $reason; its tests are skipped"
        return
    fi
    # shellcheck disable=SC2086
    keep "the lab's Debian" "$lab" fetch_tree $lab_packages
    lab_is_complete || say "the lab cannot be used: its Debian packages could not be fetched; its tests are skipped"
}

lab_obstacle() { machines_obstacle; }

# it comes into being with a rename, once all of it is there
lab_is_complete() { [ -d "$lab" ]; }
