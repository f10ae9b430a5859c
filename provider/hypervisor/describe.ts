import type { BootProgress, HypervisorRecord } from "../isardvdi/api";

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
