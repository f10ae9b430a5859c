# Sourced: makes sure of the Debian packages of the lab's hosts, in a folder of their own and never on the machine.
. "$root/tools/packages.sh"

lab_packages="docker.io firewalld dbus iptables iptables-persistent nftables conntrack iproute2 ipset openssh-server openssh-client sudo
    docker-compose systemd systemd-sysv python3 busybox-static netcat-openbsd socat kmod procps"
lab_programs="dockerd docker-compose containerd runc docker-proxy docker-init firewalld dbus-daemon nft conntrack ip
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
    # shellcheck disable=SC2086
    unpack "the lab's Debian packages" "$lab" $lab_packages
    if lab_is_complete; then
        # as installing would; 0.5 s for each firewall-cmd without it
        /usr/bin/python3 -m compileall -q "$lab/usr/lib/python3" "$lab/usr/sbin" >/dev/null 2>&1 || true
    else
        say "the lab cannot be used: its Debian packages could not be fetched; its tests are skipped"
    fi
}

lab_obstacle() { machines_obstacle; }

# shellcheck disable=SC2086
lab_is_complete() { unpacked "$lab" $lab_programs; }
