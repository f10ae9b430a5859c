import { chains } from "../rules";
import { dockerNetworks, dockerSeconds } from "./docker";
import { firewalldTool } from "./firewalld";
import { aliveFile, lockFile, plugin, preamble, unit } from "./paths";
import { shellQuote } from "../../remote/quote";
import { scratch } from "../../remote/scratch";

/**
 * Shell functions that print what the host has, in sections that begin with "==NAME"; reads only. The fingerprint
 * covers what a change is decided from: the ledger, the nat table, and the way to our accepts.
 */
export const probeFunctions = `
saves() {
    for v in nft legacy; do
        bin=$(command -v iptables-$v 2>/dev/null) || continue
        [ -x "$bin-save" ] || [ -x "$bin-restore" ] || continue
        case $v in legacy) tables=$(cat /proc/net/ip_tables_names 2>/dev/null || true) ;; *) tables='nat filter' ;; esac
        echo "==save $v $bin"
        for table in nat filter; do
            case " $(echo $tables) " in *" $table "*) "$bin-save" -t $table 2>/dev/null || true ;; esac
        done | sed -e '/incompatible/b' -e '/^#/d' -e 's/ \\[[0-9]*:[0-9]*\\]$//'
    done
    if ! command -v iptables-nft >/dev/null 2>&1 && bin=$(command -v iptables 2>/dev/null); then
        echo "==save plain $bin"
        { "$bin-save" -t nat; "$bin-save" -t filter; } 2>/dev/null | sed -e '/incompatible/b' -e '/^#/d' -e 's/ \\[[0-9]*:[0-9]*\\]$//'
    fi
    natives
}
# tables that neither an iptables nor firewalld has printed or told by now; what they have counted says nothing
natives() {
    nft list tables 2>/dev/null | while read -r _ family name; do
        case "$family $name" in
        'inet firewalld' | 'ip firewalld') continue ;;
        'ip nat' | 'ip filter' | 'ip mangle' | 'ip raw' | 'ip security') ! iptables -V 2>/dev/null | grep -q nf_tables || continue ;;
        'ip '* | 'inet '*) ;;
        *) continue ;;
        esac
        echo "==nft $family $name"
        nft -j list table "$family" "$name" 2>/dev/null | sed 's/"packets": [0-9]*, "bytes": [0-9]*//g' || true
    done
}
pythonOf() { sed -n '1s/^#! *\\([^ ]*\\).*/\\1/p' "$(command -v firewall-cmd)"; }
# changes with every change that begins, ends or is undone
moment() {
    cat "$S/armed/number" "$S/fired/number" "$S/ledger" 2>/dev/null || true
    stat -c %y ${lockFile} 2>/dev/null || true
}
probe() {
    since=$(moment)
    echo ==machine
    cat /etc/machine-id
    echo ==default
    iptables -V 2>/dev/null || true
    echo ==ipforward
    cat /proc/sys/net/ipv4/ip_forward
    echo ==ledger
    # a text that was cut off has no end of its own
    cat "$S/ledger" 2>/dev/null && echo || true
    [ ! -e "$S/ledger" ] || [ -s "$S/ledger" ] || echo ==zero
    echo ==before
    cat "$S/armed/prev/ledger" "$S/fired/prev/ledger" 2>/dev/null || true
    echo
    saves >"$1"
    cat "$1"
    echo ==nftables
    # empty tables too, for the last forward takes with it what the first one brought
    nft list tables ip 2>/dev/null || true
    echo ==firewalld
    if command -v firewall-cmd >/dev/null 2>&1 && firewalldRuns; then
        "$(pythonOf)" -I - show <<'PYTHON'
${firewalldTool}PYTHON
    fi
    echo ==addresses
    ip -o -4 addr show scope global 2>/dev/null || true
    echo ==links
    kinds
    dockers
    echo ==persist
    [ ! -d /run/systemd/system ] || echo systemd
    [ ! -d ${plugin.slice(0, plugin.lastIndexOf("/"))} ] || echo netfilter-persistent
    [ ! -f /etc/systemd/system/${unit} ] || echo unit $(systemctl is-enabled ${unit} 2>/dev/null)
    [ ! -f ${plugin} ] || echo plugin
    [ ! -e ${aliveFile} ] || echo alive
    [ ! -x /usr/sbin/conntrack ] || echo conntrack
    ! command -v nft >/dev/null 2>&1 || echo nft
    left=$(ls -d "$S/armed" "$S/fired" 2>/dev/null || true)
    mark=$(print "$1")
    if [ "$(moment)" != "$since" ]; then
        # what stands above is of two moments: no change may be made from it
        mark=moving
        echo armed
    elif [ -n "$left" ]; then
        echo armed
        # whoever may still undo it holds the lock; it was let go after a confirmation as well
        { [ -e ${lockFile} ] && ! flock -n ${lockFile} true; } || [ ! -d "$left" ] || echo abandoned
    fi
    for f in boot.nat boot.filter boot.nft sync; do [ ! -f "$S/$f" ] || echo "file $f"; done
    echo ==fingerprint
    echo "$mark"
}
# by the kernel's word: a name says nothing
kinds() {
    for link in /sys/class/net/*; do
        [ -e "$link" ] || continue
        if [ -d "$link/bridge" ]; then echo "\${link##*/} bridge"
        elif [ -d "$link/brport" ]; then echo "\${link##*/} port"
        else echo "\${link##*/}"; fi
    done
}
# asked only where a bridge can be its own, and only while it runs, for its socket would start it
dockers() {
    ls -d /sys/class/net/*/bridge >/dev/null 2>&1 || return 0
    if grep -qsx dockerd /proc/[0-9]*/comm; then
        code=0
        networks=$(timeout -k 1 ${dockerSeconds} sh -c ${shellQuote(dockerNetworks)} </dev/null 2>&1) || code=$?
        echo "==docker $code"
        printf '%s\n' "$networks"
    elif [ -S /run/docker.sock ] || command -v dockerd >/dev/null 2>&1; then
        echo ==docker stopped
    fi
}
# asked over the bus, for firewall-cmd starts Python to answer
firewalldRuns() {
    ask='org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.fedoraproject.FirewallD1'
    dbus-send --system --print-reply --dest=$ask 2>/dev/null | grep -q 'boolean true'
}
print() {
    { cat "$S/ledger" 2>/dev/null || true; sed -n -e '/^==/p' -e '/^\\*/p' -e '/^-A \\(FORWARD\\|DOCKER-USER\\|${chains.accept}\\) /p' -e '/^:/p' -e '/^{"nftables"/p' -e '/--to-destination\\|-j REDIRECT\\|^-A \\(PREROUTING\\|OUTPUT\\) /p' "$1"; } | sha256sum | cut -c1-64
}
`;

export const probeScript = `(
${preamble}
${probeFunctions}
${scratch}
[ "$(id -u)" = 0 ] || { echo ==notroot; exit 0; }
probe "$t/saves"
)`;
