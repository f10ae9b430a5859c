import { existsSync } from "node:fs";

/**
 * The root file system of a machine: /usr, /etc and /var of a whole Debian in a folder, and nothing of this machine's;
 * or this machine's own and, before them, a folder of what it lacks. They are read through overlays whose upper layers
 * lie on the machine's disk. The rest is empty.
 *
 * `programs` are folders whose /usr lies over that one's, the first one on top.
 *
 * Runs inside fresh namespaces; `disk` is a folder on a tmpfs, and stays from one boot to the next.
 */
export const rootScript = (
    disk: string,
    packages: string | undefined,
    programs: readonly string[],
    hostname: string,
): string => `
set -e
disk=${disk} packages=${packages ?? ""} root=$disk/root
mkdir -p "$root"
mount --bind "$root" "$root"
base=
[ ! -e "$packages/var/lib/dpkg/status" ] || base=$packages
for folder in usr etc var; do
    mkdir -p "$root/$folder" "$disk/upper/$folder" "$disk/work/$folder"
    lower=$base/$folder
    # one overlay a folder: a layer may not lie inside another one, as the packages lie inside /
    [ "$base" = "$packages" ] || lower=$packages/$folder:$lower
    [ "$folder" != usr ] || lower=${programs.map((each) => `${each}/usr:`).join("")}$lower
    mount -t overlay -o "lowerdir=$lower,upperdir=$disk/upper/$folder,workdir=$disk/work/$folder" overlay "$root/$folder"
done
for folder in bin sbin lib lib32 lib64 libx32; do
    if [ -L "$root/$folder" ]; then continue
    elif [ -L "$base/$folder" ]; then cp -P "$base/$folder" "$root/$folder"
    elif [ -d "$base/$folder" ]; then mkdir -p "$root/$folder" && mount --rbind "$base/$folder" "$root/$folder"
    fi
done
cd "$root"
mkdir -p proc sys dev run tmp root home opt srv mnt disk .machine
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs -o mode=755 run run
mount -t tmpfs -o mode=1777 tmp tmp
mount -t tmpfs -o mode=755 dev dev
mkdir -p dev/pts dev/shm run/lock run/sshd
for device in null zero full random urandom tty; do
    : >"dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
ln -s pts/ptmx dev/ptmx
# of this machine's settings only those of the network are a namespace's own
mkdir run/net
mount --bind proc/sys/net run/net
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --move run/net proc/sys/net
rmdir run/net
[ ! -e proc/sysrq-trigger ] || mount --bind dev/null proc/sysrq-trigger
mount -o remount,bind,ro sys
ln -s /proc/self/fd dev/fd
pivot_root . .machine
umount -l .machine
export PATH=${PATH_INSIDE} HOME=/root
hostname ${hostname}
if [ ! -e disk/installed ]; then
    echo ${hostname} >etc/hostname
    printf '127.0.0.1 localhost\\n127.0.1.1 ${hostname}\\n' >etc/hosts
    tr -d - <proc/sys/kernel/random/uuid >etc/machine-id
    # nothing of what lies below decides how this one behaves
    rm -rf etc/resolv.conf etc/ssh/ssh_host_* etc/docker etc/profile.d/* etc/update-motd.d/* var/lib/docker
    : >etc/resolv.conf
    mkdir -p -m 700 root/.ssh
    : >disk/installed
fi
ip link set lo up
`;

export const PATH_INSIDE = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What runs as process 1 where there is no systemd: it buries the orphans. */
export const IDLE = "exec sh -c 'while :; do sleep 100000 & wait $!; done'";

/** The root of the machine with that process, as this process sees it: surely not this machine's own. */
export function rootOf(pid: number): string {
    const root = `/proc/${pid}/root`;
    if (!existsSync(`${root}/disk/installed`)) throw new Error("The machine has no disk of its own yet.");
    return root;
}
