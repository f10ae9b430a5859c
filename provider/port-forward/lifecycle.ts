import { asError } from "../as-error";
import { IsardvdiError } from "../errors";
import type { HostFirewall } from "../firewall/firewall";
import { amissKey, changes, restated, setKey } from "../property/changes";
import { isOneMachine, isOneWay } from "../remote/one-machine";
import { type Context, type Lifecycle, PartialFailure, type Stored, type Values } from "../resource";
import { applyTogether } from "./batch";
import { clean, remove } from "./deletion";
import { foresee } from "./foresee";
import { type Host, openHost } from "./host";
import { changeOf, describe, forwardOf, tagOf } from "./inputs";
import { definition, type Inputs } from "./schema";
import { inspectTogether } from "./inspection";
import type { Parts } from "./parts";
import { prove } from "./prove";
import { stateOf } from "./state";
import { validate } from "./validate";

/** When things happen to a port forward; how they are done stands in the modules it calls. */
export const lifecycleWith = (parts: Parts): Lifecycle<Inputs> => ({
    validate,

    foresee: (inputs, state, context) => foresee(parts, inputs, state, context),

    async create(inputs, context) {
        return await apply(parts, undefined, inputs, undefined, context);
    },

    async read(id, state, context) {
        const { connection, backend = "auto" } = state;
        const { remote } = openHost(connection, context);
        const found = await inspectTogether(parts.firewall, remote, backend, context.world);
        const installed = found.forwards.get(id);
        if (installed) {
            const unproved = state["verified"] === undefined && state[amissKey] !== undefined;
            return stateOf(found, installed, state, {
                verified: state["verified"],
                amiss: unproved ? [unprovedText] : [],
            });
        }
        if (found.machineId === state["machineId"]) return undefined;
        // the rules are on the machine of before: the next up puts them on this one
        return { ...state, [amissKey]: [`the connection leads to another machine, ${found.machineId}`] };
    },

    async update(id, state, inputs, context) {
        const found = changes(definition, state, inputs);
        const touchesHost =
            state[amissKey] !== undefined || found.length === 0 || found.some(({ kind }) => kind !== "state-only");
        if (touchesHost) return (await apply(parts, id, inputs, state, context)).state;
        return restated(definition, state, inputs);
    },

    delete: (id, state, context) => remove(parts, id, state, context),
});

const unprovedText = "no packet has been seen to arrive";

/** Create and update alike: rules first, another machine's rules out second, a packet last. */
async function apply(
    parts: Parts,
    known: string | undefined,
    inputs: Inputs,
    state: Stored<Inputs> | undefined,
    context: Context,
): Promise<{ id: string; state: Values }> {
    const said = { ...inputs, [setKey]: undefined };
    const host = openHost(inputs.connection, context);
    const tag = known ?? tagOf(inputs.__urn ?? "");
    const owner = { tag, name: inputs.__urn ?? tag };
    context.world.log.status(`forwarding ${describe(forwardOf(inputs))} on ${host.remote.name}`);
    const change = { ...changeOf(inputs, owner), isNew: known === undefined };
    const applied = await applyTogether(parts.firewall, host.remote, change, context.world);
    const id = applied.tags.get(tag) ?? tag;
    if (state) await leaveOldMachine(parts, id, state, host, applied.host, context);
    return { id, state: await proved(parts, { id, host, said, found: applied.host }, context) };
}

async function proved(
    parts: Parts,
    { id, host, said, found }: { id: string; host: Host; said: Inputs & Values; found: HostFirewall },
    context: Context,
): Promise<Values> {
    const installed = found.forwards.get(id);
    if (!installed) throw notThere(said, host);
    try {
        const verified = await prove(host, said, parts, context);
        return stateOf(found, installed, said, { verified, amiss: [] });
    } catch (error) {
        const state = stateOf(found, installed, said, { verified: undefined, amiss: [unprovedText] });
        throw new PartialFailure(id, state, asCancelled(error, said, host, context));
    }
}

async function leaveOldMachine(
    parts: Parts,
    id: string,
    state: Stored<Inputs>,
    now: Host,
    { machineId }: HostFirewall,
    context: Context,
): Promise<void> {
    if (state["machineId"] !== machineId) return clean(parts, id, state, { machineId }, context);
    const before = openHost(state.connection, context);
    if (isOneWay(now.connection, before.connection)) return;
    const isOne = await isOneMachine(now.remote, before.remote, context.world);
    if (isOne !== true) await clean(parts, id, state, { isClone: isOne === false }, context);
}

/** A sleep that was cut off throws the signal's reason, which says nothing to a person. */
function asCancelled(error: unknown, inputs: Inputs, { remote }: Host, { world }: Context): Error {
    if (!world.signal.aborted || error instanceof IsardvdiError) return asError(error);
    return new IsardvdiError({
        code: "cancelled",
        action: "verify",
        resource: `port forward ${describe(forwardOf(inputs))} on ${remote.name}`,
        seen: "the run was cancelled",
        advice: "The rules are in; the next pulumi up goes on from here.",
    });
}

const notThere = (inputs: Inputs, { remote }: Host): IsardvdiError =>
    new IsardvdiError({
        code: "unexpected-answer",
        action: "make",
        resource: `port forward ${describe(forwardOf(inputs))} on ${remote.name}`,
        seen: "the host lists no such rule after the change",
        advice: "Run pulumi up again; if it stays so, something on the host takes rules away.",
    });
