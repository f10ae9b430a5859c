import type { Machine } from "../../sandbox/machine/machine";

/** Units that speak to the kernel or the devices of the machine below, or to nobody. */
const MASKED = [
    "systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service",
    "systemd-sysctl.service systemd-modules-load.service kmod-static-nodes.service systemd-random-seed.service",
    "systemd-timesyncd.service systemd-binfmt.service systemd-logind.service systemd-hostnamed.service",
    "sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount",
    "dev-hugepages.mount dev-mqueue.mount proc-sys-fs-binfmt_misc.automount systemd-remount-fs.service",
    "systemd-firstboot.service systemd-sysusers.service systemd-journal-flush.service getty.target",
    "console-getty.service systemd-networkd-wait-online.service",
].join(" ");

const WANTED = "/etc/systemd/system/multi-user.target.wants";

/** systemd as process 1 of a host. */
export class Systemd {
    readonly init = "exec env -i container=lab PATH=$PATH /lib/systemd/systemd --system --unit=multi-user.target";
    /** SIGRTMIN+4 is the way to poweroff.target. */
    readonly shutdown = "kill -38 1";

    constructor(private readonly units: readonly string[]) {}

    /** Only what this host is to run is enabled, whatever the packages have enabled. */
    setup(): string {
        const enable = this.units.map((unit) => `ln -sf /lib/systemd/system/${unit} ${WANTED}/${unit}`);
        return `
            if [ ! -e /disk/systemd ]; then
                rm -rf /etc/systemd/system/*.wants /etc/systemd/system/*.requires /lib/systemd/system/timers.target.wants /etc/rc?.d
                mkdir -p ${WANTED}
                for unit in ${MASKED}; do ln -sf /dev/null /etc/systemd/system/$unit; done
                ${enable.join("\n")}
                : >/disk/systemd
            fi
            : >/etc/fstab
        `;
    }

    async started(machine: Machine): Promise<void> {
        // first there is no bus to ask, then "starting" for a while
        const wait =
            "while :; do case $(systemctl is-system-running 2>/dev/null) in " +
            "running|degraded|maintenance) break ;; esac; sleep 0.1; done; systemctl is-system-running";
        const state = await machine.exec(wait, { timeoutMs: 240_000 });
        if (state.stdout.trim() === "running") return;
        const failed = await machine.exec("systemctl --failed --no-legend --plain; systemctl list-jobs --no-legend");
        throw new Error(`systemd on ${machine.name} is ${state.stdout.trim() || state.stderr}: ${failed.stdout}`);
    }
}
