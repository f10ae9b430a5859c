import { asError } from "../as-error";
import { connectionOf } from "../connection";
import { createHash, randomBytes } from "node:crypto";
import { isCode, IsardvdiError } from "../errors";
import { amissKey, setKey, setNames } from "../property/changes";
import { isOneMachine, isOneWay } from "../remote/one-machine";
import type { Remote } from "../remote/remote";
import { type Context, type Lifecycle, PartialFailure, type Stored, type Values } from "../resource";
import { foresee } from "./foresee";
import { change, type Goal } from "./host/change";
import { HalfWay } from "./host/half-way";
import { inspect, type Seen } from "./host/inspect";
import { stale } from "./host/stale";
import type { Kind } from "./kind";
import type { Common } from "./properties";
import { handedOver, type Owner } from "./ledger";
import { defaultPath, placeOf } from "./place";

/** When things happen to a resource that owns keys of an isardvdi.cfg; how, is the kind's and the host's matter. */
export function cfgLifecycle<I extends Common>(kind: Kind<I>, validate: Lifecycle<I>["validate"]): Lifecycle<I> {
    async function apply(id: string, inputs: I, context: Context, isHeir = false): Promise<Values> {
        const owner = { id, name: inputs.__urn ?? id };
        const remote = open(inputs, context);
        try {
            const wish: Goal["draft"] = (seen, look) => {
                const ledger = isHeir ? handedOver(seen.ledger, owner) : seen.ledger;
                return kind.want(inputs, { ...seen, ledger }, owner, look);
            };
            return stateOf(
                kind,
                inputs,
                await change(remote, goal(kind, inputs, owner, wish, true), context.world),
                owner,
            );
        } catch (error) {
            if (!(error instanceof HalfWay)) throw error;
            const state = {
                ...inputs,
                [setKey]: setNames(kind.definition, inputs),
                [amissKey]: ["it was interrupted"],
            };
            throw new PartialFailure(id, state, error);
        }
    }

    return {
        validate,

        foresee: (values, state, context) => foresee(kind, values, state, context),

        async create(inputs, context) {
            const { __urn: name = "", configPath = defaultPath } = inputs;
            // from the URN, so that a create that was cut off finds its own traces again
            const first = createHash("sha256").update(`${name} ${configPath}`).digest("hex").slice(0, 16);
            const question = { place: placeOfInputs(inputs), owner: first, services: [], keys: [] };
            const seen = await inspect(open(inputs, context), question, context.world);
            // one that may still be deleted by its own id, such as after --target-replace, gives up what it has
            const isHeir = seen?.pending === false && Object.values(seen.ledger.owners).includes(name);
            const id = isHeir ? randomBytes(8).toString("hex") : first;
            return { id, state: await apply(id, inputs, context, isHeir) };
        },

        async read(id, state, context) {
            const [services, keys] = [kind.services(state), kind.keys(state)];
            const remote = open(state, context);
            const seen = await inspect(
                remote,
                { place: placeOfInputs(state), owner: id, services, keys },
                context.world,
            );
            if (!seen) return undefined;
            if (state["machineId"] && seen.machineId !== state["machineId"])
                // the next up writes to this one, and the state still has to say where the settings are
                return { ...state, [amissKey]: [`the connection leads to another machine, ${seen.machineId}`] };
            return stateOf(kind, state, seen, { id, name: state.__urn ?? id });
        },

        async update(id, state, inputs, context) {
            // one of this name whose run was killed before a state knew of it gives up what it has
            const next = await apply(id, inputs, context, true);
            const [was, is] = [state["machineId"], next["machineId"]];
            if (typeof was !== "string" || typeof is !== "string") return next;
            if (was !== is) await leave(kind, id, state, is, context);
            else await leaveClone(inputs, state, context, () => leave(kind, id, state, "", context));
            return next;
        },

        async delete(id, state, context) {
            try {
                await giveBack(kind, id, state, context);
            } catch (error) {
                throw isUnreachable(error) ? withWayOut(error, state) : error;
            }
        },
    };
}

/** Everything of ours put back; `otherThan` names a machine that must be left as it is. */
async function giveBack<I extends Common>(
    kind: Kind<I>,
    id: string,
    state: Stored<I>,
    context: Context,
    otherThan?: string,
): Promise<void> {
    const owner = { id, name: state.__urn ?? id };
    const remote = open(state, context);
    const place = placeOfInputs(state);
    const { log } = context.world;
    const seen = await inspect(remote, { place, owner: id, services: [], keys: [] }, context.world);
    if (!seen) return log.warn(`${place.configPath} on ${remote.name} is gone: there is nothing to put back.`);
    if (seen.machineId === otherThan) return log.warn(`The connection of before leads to the new machine by now.`);
    const wish: Goal["draft"] = (now, look) => kind.giveBack(state, now, owner, look);
    await change(remote, goal(kind, state, owner, wish, false), context.world);
}

/** The machine that the connection led to before gets its own back, where it can still be reached. */
async function leave<I extends Common>(
    kind: Kind<I>,
    id: string,
    state: Stored<I>,
    newMachine: string,
    context: Context,
): Promise<void> {
    try {
        await giveBack(kind, id, state, context, newMachine);
    } catch (error) {
        if (context.world.signal.aborted) throw error;
        const lines = kind.lines(state).join(", ");
        context.world.log.warn(`The machine of before keeps its settings (${lines}): ${asError(error).message}`);
    }
}

/** The same machine-id behind another connection: a machine that was cloned keeps nothing of ours without a word. */
async function leaveClone<I extends Common>(
    now: I,
    before: I,
    context: Context,
    giveBackThere: () => Promise<void>,
): Promise<void> {
    const wayOf = ({ connection }: I) => connectionOf(connection, context.configuration);
    if (isOneWay(wayOf(now), wayOf(before))) return;
    const isOne = await isOneMachine(open(now, context), open(before, context), context.world);
    if (isOne === false) return giveBackThere();
    if (isOne === undefined)
        context.world.log.warn(
            "The connection of before does not answer, and the new one leads to a machine with the same machine-id: that this one is a clone, and the other keeps its settings, cannot be ruled out.",
        );
}

const placeOfInputs = ({ configPath = defaultPath }: Common) => placeOf(configPath);

function open({ connection }: Common, { configuration, remotes }: Context): Remote {
    return remotes.open(connectionOf(connection, configuration));
}

function goal<I extends Common>(kind: Kind<I>, inputs: I, owner: Owner, draft: Goal["draft"], strict: boolean): Goal {
    return {
        place: placeOfInputs(inputs),
        owner,
        services: kind.services(inputs),
        keys: kind.keys(inputs),
        names: strict ? kind.names(inputs) : [],
        apply: inputs.apply ?? true,
        settleSeconds: kind.settleSeconds,
        strict,
        draft,
    };
}

/** What the host says, and what it does not keep as the program said it. */
function stateOf<I extends Common>(kind: Kind<I>, inputs: I & Values, seen: Seen, owner: Owner): Values {
    const wrong = [
        ...(seen.pending ? ["not built yet"] : []),
        ...stale(seen, kind.services(inputs), kind.keys(inputs)),
    ];
    const amiss = [...((inputs.apply ?? true) ? wrong : []), ...kind.amiss(inputs, seen, owner)];
    return {
        ...Object.fromEntries(Object.keys(kind.definition.properties).map((name) => [name, inputs[name]])),
        ...kind.found(inputs, seen),
        lines: kind.lines(inputs),
        machineId: seen.machineId,
        composeFile: placeOfInputs(inputs).composeFile,
        __urn: inputs.__urn,
        [setKey]: inputs[setKey] ?? setNames(kind.definition, inputs),
        [amissKey]: amiss.length > 0 ? amiss : undefined,
    };
}

const isUnreachable = (error: unknown): error is IsardvdiError =>
    isCode(error, "ssh-unreachable", "ssh-interrupted", "host-key", "dns", "bad-configuration");

function withWayOut(error: IsardvdiError, state: Values): IsardvdiError {
    return new IsardvdiError({
        code: error.code,
        action: "put back",
        resource: "the settings of isardvdi.cfg",
        seen: error.seen,
        advice: `${error.advice} Where the server is gone for good, run: pulumi state delete '${String(state["__urn"])}'.`,
        cause: error,
    });
}
