import type { Call, HypervisorRecord, IsardApi } from "../isardvdi/api";
import { poll } from "../wait/poll";
import type { World } from "../world";
import { isEmpty, type Plan } from "./plan";
import { register } from "./register";
import type { Inputs } from "./wanted";

/** What the wait for Online has to know of the writes that were made. */
export interface Converged {
    record: HypervisorRecord;
    /** Set when the engine's worker was bounced. */
    before: { statusTime: number | undefined } | undefined;
}

/** Sends a plan, each field by its own endpoint, and reads the record back. */
export async function converge(
    api: IsardApi,
    record: HypervisorRecord,
    plan: Plan,
    inputs: Inputs,
    world: World,
): Promise<Converged> {
    const { hyperId } = record;
    const bounces = plan.register || !isEmpty(plan.bounce);
    const enable = inputs.enabled ?? record.enabled;
    let enabled = record.enabled;
    if (plan.vlans) await api.registerVlans(plan.vlans, world);
    if (plan.register) {
        await register(api, inputs, record, world);
        enabled = false;
    } else if (!isEmpty(plan.bounce)) {
        world.log.status(
            `disabling ${hyperId}: the engine reads ${Object.keys(plan.bounce).join(" and ")} only at its start`,
        );
        if (enabled) await api.setEnabled(hyperId, false, world);
        await untilReleased(api, hyperId, world);
        enabled = false;
    }
    const change = plan.register ? plan.patch : { ...plan.bounce, ...plan.patch };
    if (!isEmpty(change)) await api.change(hyperId, change, world);
    if (plan.virtPools) await api.setVirtPools(hyperId, plan.virtPools, world);
    if (enable !== enabled) await api.setEnabled(hyperId, enable, world);
    const after = (await api.find(hyperId, world)) ?? record;
    return { record: after, before: bounces ? { statusTime: record.statusTime } : undefined };
}

/** A disable and an enable within one squash of the engine's feed would be one event, and no bounce. */
async function untilReleased(api: IsardApi, hyperId: string, { clock, signal, log }: World): Promise<void> {
    const call: Call = { signal, log };
    const until = clock.now() + 15_000;
    for await (const record of poll(() => api.find(hyperId, call), clock, signal)) {
        if (!record || record.status !== "Online" || clock.now() >= until) return;
    }
}
