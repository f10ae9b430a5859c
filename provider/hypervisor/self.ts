import { IsardvdiError } from "../errors";
import type { HypervisorRecord } from "../isardvdi/api";
import { identical } from "../property/equality";
import type { Values } from "../resource";
import type { World } from "../world";
import { awaitBoot, awaitEnabled, hasBooted } from "./boot";
import { converge, mustClaim, readBack } from "./converge";
import type { Goal } from "./ensure";
import { awaitOnline } from "./online";
import { isNothing, plan, type Plan } from "./plan";
import { amissKey, incompleteKey } from "../property/changes";
import { stateOf } from "./state";
import type { Inputs } from "./schema";
import type { Source } from "./watch";

interface Following {
    inputs: Inputs;
    timeoutSeconds: number;
    source: Source;
    /** Whether the run ends only with Online. */
    awaitsOnline: boolean;
    /** What a record must be for the run to go on. */
    assertUsable: (record: HypervisorRecord) => void;
}

/**
 * The hypervisor's own container makes the record, and makes it anew at each restart: what the user set is
 * written after each of its boots, until Online is seen with all of it.
 */
export async function follow(goal: Goal, following: Following, world: World): Promise<void> {
    const { api, feed, progress } = goal;
    const { inputs, source, awaitsOnline, assertUsable } = following;
    const { hyperId } = inputs;
    const until = world.clock.now() + following.timeoutSeconds * 1000;
    const remaining = (): number => Math.max(0, Math.round((until - world.clock.now()) / 1000));
    let state = goal.state;
    const seen = (record: HypervisorRecord): void => {
        assertSame(record, inputs);
        assertUsable(record);
        progress.record = record;
        goal.notice(record);
    };
    if (state && !identical(state["triggers"] ?? [], inputs.triggers ?? []))
        world.log.warn(
            `${hyperId} registers itself: changed triggers register nothing anew, a restart of its container does`,
        );

    for (;;) {
        const wasSettled = state !== undefined && state[incompleteKey] === undefined && state[amissKey] === undefined;
        const watched = { api, feed, source, hyperId };
        let booted = await awaitBoot({ ...watched, timeoutSeconds: remaining(), wasSettled, seen }, world);
        // a container that stops has its record disabled for a moment as well
        const wasDisabled = wasSettled && state?.["enabled"] === false;
        if (!booted.enabled && !inputs.enabled && !wasDisabled) {
            const left = await awaitEnabled(watched, world);
            if (!left) continue;
            booted = left;
        }
        const converged = await mend(goal, booted, missing(goal, booted, inputs, state), inputs, world);
        if (!converged) continue;
        progress.record = converged.record;
        state = state && { ...state, flavour: inputs.flavour };
        if (!awaitsOnline || inputs.enabled === false) return;
        if (!booted.enabled && !converged.record.enabled) {
            world.log.warn(
                `${hyperId} is not waited for: its container leaves it disabled (HYPER_ENABLED), and the program does not set enabled`,
            );
            return;
        }

        // what a release does not keep stays different, and is no reason to begin again
        const left = missing(goal, converged.record, inputs, state);
        const isRenewed = (record: HypervisorRecord): boolean =>
            hasBooted(record) && !identical(missing(goal, record, inputs, state), left);
        const record = await awaitOnline(
            {
                ...watched,
                timeoutSeconds: remaining(),
                before: converged.before,
                progress,
                mayVanish: true,
                seen,
                isRenewed,
            },
            world,
        );
        progress.record = record;
        if (!isRenewed(record)) return;
        world.log.status(`${hyperId} was registered anew: writing again what the program says`);
    }
}

/** What the user set and the record has not; it never asks for a registration of ours. */
function missing({ api, progress }: Goal, record: HypervisorRecord, inputs: Inputs, state?: Values): Plan {
    const known = { generation: api.generation, vlans: progress.vlans };
    const actual = stateOf(record, inputs, known);
    const enable = inputs.enabled !== undefined && inputs.enabled !== record.enabled ? inputs.enabled : undefined;
    return {
        ...plan(actual, inputs, record, state && { ...state, triggers: inputs.triggers }),
        register: false,
        enable,
    };
}

/** Undefined when the record was taken away meanwhile, so that its next boot is to be waited for. */
async function mend(goal: Goal, record: HypervisorRecord, differences: Plan, inputs: Inputs, world: World) {
    const { api } = goal;
    // a container makes its row anew, and the mark is lost until the next write
    if (isNothing(differences) && !mustClaim(goal.progress, record)) return { record, before: undefined };
    try {
        const { before } = await converge(goal, record, differences, inputs, world);
        const after = await readBack(goal, inputs, world);
        return after && { record: after, before };
    } catch (error) {
        // a write into a record that is gone fails in a way of its own at each endpoint
        if (world.signal.aborted || (await api.find(inputs.hyperId, world))) throw error;
        return undefined;
    }
}

/** Neither can be mended without a registration, which is the container's alone. */
function assertSame(record: HypervisorRecord, { hyperId, hostname, sshPort = 2022 }: Inputs): void {
    const failure = { code: "conflict", action: "use", resource: `hypervisor "${hyperId}"` } as const;
    if (record.hostname !== hostname)
        throw new IsardvdiError({
            ...failure,
            seen: `its container has registered itself with hostname ${record.hostname}, and the program says ${hostname}`,
            advice: `Set hostname to the DOMAIN of the host's isardvdi.cfg, or change DOMAIN and restart the container. If it is another host, give one of them another HYPER_ID.`,
            property: "hostname",
        });
    if (record.sshPort !== sshPort)
        throw new IsardvdiError({
            ...failure,
            seen: `its container has registered itself with SSH port ${record.sshPort}, and the program says ${sshPort}`,
            advice: "Leave sshPort out, or set it to that port.",
            property: "sshPort",
        });
}
