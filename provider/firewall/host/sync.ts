import { ownTable } from "../own-table";
import { chains } from "../rules";
import { aliveFile, lockFile, plugin, preamble, unit } from "./paths";

const { dnat, local, accept } = chains;

/** The one script that stays on the host: its work is a function of the files beside it. */
export const syncScript = `#!/bin/sh
# Written by pulumi-isardvdi. Puts the forwards of this folder into the firewall: "now" as they are,
# "boot" after a boot or a restart of Docker.
${preamble}
cd "$S" 2>/dev/null || exit 0
trap 'rm -f put.$$' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
from=now
if [ "\${1:-now}" = boot ]; then
    exec 9>>${lockFile}
    flock 9
    for left in armed fired; do [ ! -d $left ] || sh $left/undo; done
    [ -f ledger ] || exit 0
    [ -e ${aliveFile} ] || from=boot
fi
tool=$(cat tool 2>/dev/null || true)
mark='-m comment --comment pulumi-isardvdi'
toHost='-m addrtype --dst-type LOCAL'
notLoop='! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL'
boot=
[ ! -s boot.nat ] && [ ! -s boot.nft ] || boot=1
ipt() { "$tool" -w 60 "$@" 2>/dev/null; }
chain() { ipt -t "$1" -n -L "$2" >/dev/null; }
docker() { chain filter DOCKER-USER && ipt -C FORWARD -j DOCKER-USER; }

# jump TABLE PARENT CHAIN MATCH: once, in the first place; unjump: not at all
jump() { ipt -t $1 -C $2 $4 $mark -j $3 || echo "-I $2 1 $4 $mark -j $3"; }
unjump() { ! ipt -t $1 -C $2 $4 $mark -j $3 || echo "-D $2 $4 $mark -j $3"; }
drop() { ! chain $1 $2 || printf '%s\\n' "-F $2" "-X $2"; }

# the new accepts stand before a packet can need them, and the old ones until none does
put() {
    echo '*filter'
    if chain filter ${accept}; then
        sed 's/^-A ${accept} /-I ${accept} 1 /' $from.filter
    else
        echo ':${accept} - [0:0]'
        cat $from.filter
    fi
    if docker; then
        jump filter DOCKER-USER ${accept} ''
        unjump filter FORWARD ${accept} ''
    else
        jump filter FORWARD ${accept} ''
        # a Docker that starts later puts its chains above ours, and keeps a DOCKER-USER that it finds
        if chain filter DOCKER-USER; then
            jump filter DOCKER-USER ${accept} ''
        elif [ "\${1:-}" = boot ] && command -v dockerd >/dev/null 2>&1; then
            printf '%s\\n' ':DOCKER-USER - [0:0]' '-A DOCKER-USER '"$mark"' -j ${accept}'
        fi
    fi
    printf '%s\\n' COMMIT '*nat'
    printf ':%s - [0:0]\\n' ${dnat} ${local}
    jump nat PREROUTING ${dnat} "$toHost"
    jump nat OUTPUT ${local} "$notLoop"
    cat $from.nat
    echo COMMIT
    ! chain filter ${accept} || {
        printf '%s\\n' '*filter' ':${accept} - [0:0]'
        cat $from.filter
        echo COMMIT
    }
}
take() {
    echo '*nat'
    unjump nat PREROUTING ${dnat} "$toHost"
    unjump nat OUTPUT ${local} "$notLoop"
    drop nat ${dnat}
    drop nat ${local}
    printf '%s\\n' COMMIT '*filter'
    ! chain filter DOCKER-USER || unjump filter DOCKER-USER ${accept} ''
    unjump filter FORWARD ${accept} ''
    # one that no jump leads to and that holds nothing else was made at a boot, and Docker has not come
    docker || [ "$(ipt -S DOCKER-USER | grep -vc -e '^-N' -e '-j ${accept}$')" != 0 ] || drop filter DOCKER-USER
    drop filter ${accept}
    echo COMMIT
}
# written out first: the tool that restores holds the lock that the questions wait for
restore() {
    "$@" >put.$$
    "$tool-restore" --noflush -w 60 <put.$$
    rm -f put.$$
}

if [ -s $from.nat ] || [ -s $from.nft ]; then
    [ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ] || echo 1 >/proc/sys/net/ipv4/ip_forward
fi
# the table of nftables as a whole and at once; the mark is there before a packet can need it
if [ -s $from.nft ]; then
    { printf 'add table ip ${ownTable}\\ndelete table ip ${ownTable}\\n'; cat $from.nft; } | nft -f -
fi
if [ -n "$tool" ] && [ -s $from.nat ]; then
    restore put "\${1:-now}"
elif [ -n "$tool" ] && { chain nat ${dnat} || chain filter ${accept}; }; then
    restore take
fi
[ -s $from.nft ] || nft delete table ip ${ownTable} 2>/dev/null || true

# comes back after a reboot by our own unit, or by netfilter-persistent where there is no systemd
unitFile=/etc/systemd/system/${unit}
if [ -d /run/systemd/system ]; then
    if [ -n "$boot" ] && [ ! -f $unitFile ]; then
        cat >$unitFile <<'UNIT'
[Unit]
Description=Port forwards of pulumi-isardvdi
Wants=network-online.target
After=network-online.target docker.service netfilter-persistent.service
PartOf=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh /var/lib/pulumi-isardvdi/firewall/sync boot

[Install]
WantedBy=multi-user.target docker.service
UNIT
        chmod 644 $unitFile
        systemctl daemon-reload
        systemctl --quiet enable ${unit} 2>/dev/null
        systemctl --no-block start ${unit}
    elif [ -z "$boot" ] && [ -f $unitFile ]; then
        systemctl --quiet disable ${unit} 2>/dev/null || true
        rm -f $unitFile
        systemctl daemon-reload
        systemctl --no-block stop ${unit} 2>/dev/null || true
    fi
elif [ -d ${plugin.slice(0, plugin.lastIndexOf("/"))} ]; then
    if [ -n "$boot" ]; then
        printf '%s\\n' '#!/bin/sh' '[ "$1" != start ] || exec sh ${"/var/lib/pulumi-isardvdi/firewall/sync"} boot' >${plugin}
        chmod 755 ${plugin}
    else
        rm -f ${plugin}
    fi
fi
`;
