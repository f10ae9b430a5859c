import { withDeadline } from "../concurrency/deadline";
import { IsardvdiError } from "../errors";
import type { HypervisorRecord, IsardApi } from "../isardvdi/api";
import type { Feed } from "../isardvdi/watch";
import type { Values } from "../resource";
import type { World } from "../world";
import { awaitOnline } from "./online";
import { findTogether } from "./batch";
import { converge, readBack } from "./converge";
import { plan } from "./plan";
import { register, type Registrant } from "./register";
import { release } from "./release";
import { incompleteKey } from "../property/changes";
import { claimed, isOthers, otherOwner, ownerText, tokenIn } from "./owner";
import { stateOf } from "./state";
import type { Inputs } from "./schema";
import { wanted } from "./wanted";
import { follow } from "./self";
import type { Source } from "./watch";

/** How far an ensure has come, kept outside of it so that a failure can store it. */
export interface Progress {
    record: HypervisorRecord | undefined;
    vlans: number[] | undefined;
    undone: Undone;
    /** What the record is to say of whose it is; undefined until that is known. */
    owner?: string;
    token?: string;
    /** The record must say so when the run ends, even if nothing else is written. */
    isClaimed?: boolean;
    /** It was in service, and is disabled for a change that has not come to its end. */
    takenOut?: boolean;
}

/** What a run that fails now leaves to the next one: to register again, to enable what it disabled, or to wait. */
export type Undone = "register" | "enable" | "online";

export interface Goal extends Registrant {
    api: IsardApi;
    progress: Progress;
    /** Throws what would fail a registration, before a hypervisor in service is disabled for it; absent where nobody can be asked. */
    precheck?: ((world: World) => Promise<void>) | undefined;
    /** The site's change feed, where its database is configured. */
    feed: Feed | undefined;
    inputs: Inputs;
    /** What the last run stored; absent on create. */
    state: Values | undefined;
    /** Told each record that comes while the hypervisor is waited for. */
    notice: (record: HypervisorRecord) => void;
}

/** Makes the record, makes it match, and waits for Online; a second run continues where the first one failed. */
export async function ensure(goal: Goal, world: World): Promise<void> {
    const { api, state, progress } = goal;
    const inputs = wanted(goal.inputs, state);
    const { hyperId } = inputs;
    const timeoutSeconds = waitSeconds(inputs);
    const listed = await findTogether(api, hyperId, world);
    // a list shows no owners
    const found = listed && listed.owner === undefined ? await api.find(hyperId, world) : listed;
    // before it counts as ours, for what is not ours is not kept
    if (found && !state) assertOurs(found, inputs);
    const urn = goal.inputs.__urn;
    const other = found && state && otherOwner(found, state);
    // one of this very name was being made when its run was killed, and no state knows of it
    if (other !== undefined && other !== urn) throw isOthers("update", hyperId, other);
    progress.isClaimed = !state || other !== undefined;
    progress.token = state ? tokenIn(state) : claimed(found, urn, inputs.adopt === true);
    progress.owner = ownerText(progress.token, urn);
    progress.record = found;
    if (inputs.vlans) progress.vlans = await missingVlans(api, inputs.vlans, world);
    const isResumed = progress.undone !== "online";
    if (progress.undone === "enable") inputs.enabled ??= true;
    if (inputs.registration === "self") {
        const awaitsOnline = timeoutSeconds !== undefined;
        const assertUsable = (record: HypervisorRecord): void => assertMode(record, inputs);
        const source = sourceOf(inputs);
        return follow(
            goal,
            { inputs, timeoutSeconds: timeoutSeconds ?? 900, source, awaitsOnline, assertUsable },
            world,
        );
    }

    const isThere = found && !isHalfRegistered(found, state);
    const record = isThere ? found : await registered(goal, inputs, world);
    progress.record = record;
    if (progress.undone === "register") progress.undone = "online";
    assertMode(record, inputs);

    const known = { generation: api.generation, vlans: progress.vlans };
    const differences = plan(
        stateOf(record, inputs, known),
        inputs,
        record,
        // a registration of this very run has sent them
        !isThere && state ? { ...state, triggers: inputs.triggers, flavour: inputs.flavour } : state,
    );
    // a disable of a moment ago may not have reached the engine, and must
    const isFresh = isResumed || record.status === "Online";
    if (isThere && inputs.enabled && !record.enabled && isFresh) await release(goal, record, world);
    const { before } = await converge(goal, record, differences, inputs, world);
    if (timeoutSeconds === undefined || inputs.enabled === false) {
        progress.record = await readBack(goal, inputs, world);
        return;
    }
    progress.record = await awaitOnline(
        {
            api,
            feed: goal.feed,
            source: sourceOf(inputs),
            hyperId,
            timeoutSeconds,
            before,
            progress,
            mayVanish: false,
            seen(record) {
                progress.record = record;
                goal.notice(record);
            },
        },
        world,
    );
}

/** A registration that failed or was cut off leaves a record that the engine may know no host key for. */
function isHalfRegistered({ status, enabled, statusTime }: HypervisorRecord, state: Values | undefined): boolean {
    if (state) return state[incompleteKey] === "register" && status !== "Online";
    return !enabled && statusTime === undefined;
}

function waitSeconds({ awaitOnline: asked = true }: Inputs): number | undefined {
    if (typeof asked === "boolean") return asked ? 900 : undefined;
    return asked.timeoutSeconds ?? 900;
}

function sourceOf({ awaitOnline: asked }: Inputs): Source {
    return (typeof asked === "object" ? asked.source : undefined) ?? "auto";
}

/** Before the hypervisor is touched, because on v3 it is an error. */
async function missingVlans(api: IsardApi, vlans: number[], world: World): Promise<number[]> {
    const known = await api.vlans(world);
    const missing = vlans.filter((vlan) => !known.includes(vlan));
    if (missing.length === 0 && api.generation === "v4") return known;
    await api.registerVlans(missing, world);
    // the list stays in the server's cache for seconds, so the accepted registration is the proof
    return [...known, ...missing].sort((a, b) => a - b);
}

async function registered(goal: Goal, inputs: Inputs, world: World): Promise<HypervisorRecord> {
    const { api, progress } = goal;
    progress.undone = "register";
    try {
        await register(goal, inputs, progress.record, world);
        // a registration enables nothing
        inputs.enabled ??= true;
        progress.undone = inputs.enabled ? "enable" : "online";
    } catch (error) {
        // a registration that failed may still have written the record; a signal of its own, for the run may be cancelled
        const { clock, log } = world;
        progress.record = await withDeadline(world.signal.aborted ? 500 : 10_000, { clock }, (signal) =>
            api.find(inputs.hyperId, { signal, log }),
        ).catch(() => progress.record);
        throw error;
    }
    const record = await findTogether(api, inputs.hyperId, world);
    if (record) return record;
    throw new IsardvdiError({
        code: "deleted",
        action: "register",
        resource: `hypervisor "${inputs.hyperId}"`,
        seen: "the server accepted the registration, and the record is gone",
        advice: "A deletion that was still running took it away: run pulumi up again.",
    });
}

/** A record with our id and our hostname is ours: made by the container, or by a create that was interrupted. */
function assertOurs(record: HypervisorRecord, { hyperId, hostname, adopt }: Inputs): void {
    if (record.hostname === hostname || adopt) return;
    throw new IsardvdiError({
        code: "conflict",
        action: "create",
        resource: `hypervisor "${hyperId}"`,
        seen: `the site has one with this id already, with hostname ${record.hostname}`,
        advice: "Choose another hyperId, or set adopt to true to take it over.",
        property: "hyperId",
    });
}

function assertMode({ vpn, hyperId }: HypervisorRecord, { vpnTunnelingMode }: Inputs): void {
    if (!vpnTunnelingMode || !vpn.mode || vpn.mode === vpnTunnelingMode) return;
    throw new IsardvdiError({
        code: "mode-mismatch",
        action: "use",
        resource: `hypervisor "${hyperId}"`,
        seen: `vpnTunnelingMode is "${vpnTunnelingMode}", but the site tunnels with "${vpn.mode}"`,
        advice: `The mode is server-wide: set vpnTunnelingMode to "${vpn.mode}", or set GENEVE_ONLY_INFRA in the server's isardvdi.cfg, which cuts every tunnel while it is switched.`,
        property: "vpnTunnelingMode",
    });
}
