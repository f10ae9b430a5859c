import { IsardvdiError } from "../errors";
import type { Call, HypervisorRecord, IsardApi } from "../isardvdi/api";
import { poll } from "../wait/poll";
import type { World } from "../world";
import type { Goal } from "./ensure";
import { isEmpty, type Plan } from "./plan";
import { register } from "./register";
import type { Inputs } from "./wanted";

/** What the wait for Online has to know of the writes that were made. */
export interface Converged {
    record: HypervisorRecord;
    /** An Online that the engine's worker may have written before we bounced it. */
    before: { statusTime: number | undefined } | undefined;
    /** The record was taken away after the writes, as the restart of a container that registers itself does. */
    isGone: boolean;
}

/** Sends a plan, each field by its own endpoint, and reads the record back. */
export async function converge(
    goal: Goal,
    record: HypervisorRecord,
    plan: Plan,
    inputs: Inputs,
    world: World,
): Promise<Converged> {
    const { api, progress } = goal;
    const { hyperId } = record;
    const bounces = plan.register || !isEmpty(plan.bounce);
    const enable = inputs.enabled ?? record.enabled;
    let enabled = record.enabled;
    let before: Converged["before"];
    if (plan.vlans) await api.registerVlans(plan.vlans, world);
    if (enable && (bounces || !enabled)) progress.undone = "enable";
    if (plan.register) {
        progress.undone = "register";
        // its answer means that the row says Offline by now, so every Online after it is new
        await register(goal, inputs, record, world);
        progress.undone = enable ? "enable" : "online";
        enabled = false;
    } else if (!isEmpty(plan.bounce)) {
        world.log.status(
            `disabling ${hyperId}: the engine reads ${Object.keys(plan.bounce).join(" and ")} only at its start`,
        );
        if (enabled) await api.setEnabled(hyperId, false, world);
        if (!(await untilReleased(api, hyperId, world))) before = { statusTime: record.statusTime };
        enabled = false;
    }
    const change = plan.register ? plan.patch : { ...plan.bounce, ...plan.patch };
    if (!isEmpty(change)) await api.change(hyperId, change, world);
    if (plan.virtPools) await api.setVirtPools(hyperId, plan.virtPools, world);
    if (enable !== enabled) await api.setEnabled(hyperId, enable, world);
    progress.undone = "online";
    const after = await api.find(hyperId, world);
    // a container that registers itself takes its record away for a moment at each restart
    if (!after && inputs.registration !== "self") throw vanished(hyperId);
    return { record: after ?? record, before, isGone: !after };
}

/** A disable and an enable within one squash of the engine's feed would be one event, and no bounce. */
async function untilReleased(api: IsardApi, hyperId: string, { clock, signal, log }: World): Promise<boolean> {
    const call: Call = { signal, log };
    const until = clock.now() + 8000;
    for await (const record of poll(() => api.find(hyperId, call), clock, signal)) {
        const released = record?.status !== "Online";
        if (released || clock.now() >= until) return released;
    }
    return false;
}

function vanished(hyperId: string): IsardvdiError {
    return new IsardvdiError({
        code: "deleted",
        action: "update",
        resource: `hypervisor "${hyperId}"`,
        seen: "its record was deleted meanwhile",
        advice: "Find out who deletes it; the next pulumi up registers it again.",
    });
}
