import type { BootProgress, HypervisorRecord } from "../isardvdi/api";

/** What the engine's `detail` means for the administrator; the first row that matches speaks. */
const byDetail: readonly [RegExp, string][] = [
    [
        /not reachable/i,
        "The engine cannot open the SSH port: forward it on the host to the hypervisor container (172.31.255.17:2022 by default) and let the site's server through",
    ],
    [
        /cannot connect to libvirt|policykit|libvirtd has not started/i,
        "The engine gets no libvirt over SSH: check that the engine's key is in the container's authorized_keys, that its host key is the registered one (change `triggers` to register again) and that libvirtd runs",
    ],
    [/not alive/i, "libvirt stopped answering: look at libvirtd in the isard-hypervisor container"],
    [
        /virtualization support/i,
        "The record has no valid kvm_module, and the engine has cached that: set kvmModule and replace the resource",
    ],
    [
        /no attribute 'conn'|not resolves/i,
        "The engine cannot resolve the hostname: correct it, or the DNS of the site's server",
    ],
    [
        /SSH timeout|SSH connection/i,
        "SSH answers too slowly: look at the host's load and at the way between server and host",
    ],
];

const byStatus: Record<HypervisorRecord["status"], string> = {
    Online: "Run pulumi up again",
    Offline: "The engine has not taken it up: check that isard-engine runs on the server",
    Error: "Look at docker logs isard-engine on the server",
    Deleting: "Somebody deletes it: wait until it is gone, then run pulumi up again",
};

export function advice(record: HypervisorRecord): string {
    const row = byDetail.find(([pattern]) => pattern.test(record.detail));
    if (row) return row[1];
    if (!record.enabled) return "The record is disabled: enable it, or set enabled to false here";
    return byStatus[record.status];
}

/** The boot's step, until it has come to its end. */
export function bootOf(progress: BootProgress | undefined): string | undefined {
    if (!progress || progress.step >= progress.total) return undefined;
    return `boot step ${progress.step} of ${progress.total} (${progress.label})`;
}

/** Status, reason and the step reached in one clause. */
export function describe(record: HypervisorRecord | undefined): string {
    if (!record) return "there is no record";
    const { status, detail, enabled, bootProgress, vpn } = record;
    const parts = [`status is ${status}`];
    if (detail) parts.push(`"${detail}"`);
    if (!enabled) parts.push("disabled");
    const boot = bootOf(bootProgress);
    if (boot) parts.push(boot);
    if (bootProgress?.error) parts.push(`boot error "${bootProgress.error}"`);
    if (vpn.tunnelStatus === "disconnected") parts.push("tunnel disconnected");
    return parts.join(", ");
}
