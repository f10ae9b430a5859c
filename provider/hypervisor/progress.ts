import type { Observer } from "../wait/wait";
import type { HypervisorRecord } from "../isardvdi/api";
import { bootOf } from "./describe";

type Seen = HypervisorRecord | undefined;

/** The steps of a registration: what a record says about each, if anything. A phrase is said when it becomes another. */
const steps: readonly ((record: HypervisorRecord) => string | undefined)[] = [
    ({ bootProgress }) => bootOf(bootProgress),
    ({ bootProgress }) => bootProgress?.error && `boot error "${bootProgress.error}"`,
    ({ vpn }) => vpn.address && `VPN peer ${vpn.address}`,
    ({ vpn }) => vpn.tunnelStatus && `tunnel ${vpn.tunnelStatus}`,
    ({ enabled }) => (enabled ? "enabled" : "disabled"),
    ({ status, detail }) => `status is ${status}${detail ? `, "${detail}"` : ""}`,
];

/** Says each step once as it passes: all that changed with one record in one line. */
export function progress(): Observer<Seen> {
    const said = new Map<number, string>();
    let presence: "unknown" | "there" | "absent" | "gone" = "unknown";
    return (record) => {
        if (!record) {
            const line = presence === "there" ? "its record is gone" : "there is no record yet";
            const isNew = presence === "unknown" || presence === "there";
            presence = presence === "unknown" ? "absent" : presence === "there" ? "gone" : presence;
            said.clear();
            return isNew ? line : undefined;
        }
        const parts =
            presence === "gone" ? ["it was registered anew"] : presence === "absent" ? ["it is registered"] : [];
        presence = "there";
        for (const [index, step] of steps.entries()) {
            const phrase = step(record);
            if (phrase === undefined || said.get(index) === phrase) continue;
            said.set(index, phrase);
            parts.push(phrase);
        }
        return parts.length > 0 ? parts.join("; ") : undefined;
    };
}
