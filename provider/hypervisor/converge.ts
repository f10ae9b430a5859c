import { IsardvdiError } from "../errors";
import type { HypervisorRecord } from "../isardvdi/api";
import type { World } from "../world";
import { findTogether } from "./batch";
import { drain, uncordon } from "./drain";
import type { Goal } from "./ensure";
import { isEmpty, type Plan } from "./plan";
import { register } from "./register";
import { release, untilOffline } from "./release";
import type { Inputs } from "./schema";

/** What the wait for Online has to know of the writes that were made. */
export interface Converged {
    /** An Online that the engine's worker may have written before we bounced it. */
    before: { statusTime: number | undefined } | undefined;
}

export const mustClaim = ({ isClaimed, owner }: Goal["progress"], record: HypervisorRecord): boolean =>
    isClaimed === true && record.owner !== owner;

/** Sends a plan, each field by its own endpoint; the record is read back by the wait that follows, or by readBack. */
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
    if (plan.register) {
        progress.undone = "register";
        // the row says Offline by now, so every Online after it is new
        await registerAnew(goal, record, inputs, world);
        progress.undone = enable ? "enable" : "online";
        enabled = false;
    } else if (bounces) {
        world.log.status(
            `disabling ${hyperId}: the engine reads ${Object.keys(plan.bounce).join(" and ")} only at its start`,
        );
        if (enable) progress.undone = "enable";
        if (!(await release(goal, record, world))) before = { statusTime: record.statusTime };
        enabled = false;
    } else if (enable && !enabled) progress.undone = "enable";
    const changed = plan.register ? plan.patch : { ...plan.bounce, ...plan.patch };
    const owner = record.owner === goal.progress.owner ? undefined : goal.progress.owner;
    const enables = enable && !enabled;
    // it goes with a write that is made anyway, or waits for the next one
    const isWritten = !isEmpty(changed) || (mustClaim(progress, record) && !enables);
    if (isWritten) await api.change(hyperId, owner === undefined ? changed : { ...changed, owner }, world);
    if (plan.virtPools) await api.setVirtPools(hyperId, plan.virtPools, world);
    if (enable !== enabled) await api.setEnabled(hyperId, enable, world, enables && !isWritten ? owner : undefined);
    progress.undone = "online";
    progress.takenOut = false;
    return { before };
}

/** A registration takes a running hypervisor from its desktops, so that these go first; it lifts the cordon as well. */
async function registerAnew(goal: Goal, record: HypervisorRecord, inputs: Inputs, world: World): Promise<void> {
    const { api } = goal;
    const { policy = "drain", timeoutSeconds = 600 } = inputs.deletion ?? {};
    if (record.enabled) await goal.precheck?.(world);
    const isBusy =
        policy === "drain" && record.status === "Online" && (await api.desktopsStarted(record.hyperId, world)) > 0;
    if (isBusy) await drain(api, record, timeoutSeconds, world, "registered anew");
    try {
        await register(goal, inputs, record, world);
    } catch (error) {
        if (isBusy) await uncordon(api, record, world);
        throw error;
    }
}

/** The record after the writes; absent only where its container, which registers it, has taken it away for a moment. */
export async function readBack(
    { api }: Goal,
    { hyperId, registration }: Inputs,
    world: World,
): Promise<HypervisorRecord | undefined> {
    const found = await findTogether(api, hyperId, world);
    // what was disabled says Online until the engine has heard of it
    const isStale = found?.enabled === false && found.status === "Online";
    const after = isStale ? await untilOffline(api, hyperId, world) : found;
    if (!after && registration !== "self") throw vanished(hyperId);
    return after;
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
