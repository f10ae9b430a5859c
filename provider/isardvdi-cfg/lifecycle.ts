import { createHash } from "node:crypto";
import { isCode, IsardvdiError } from "../errors";
import { amissKey, setKey, setNames } from "../property/changes";
import type { Remote } from "../remote/remote";
import { resolveConnection } from "../remote/resolve";
import { type Context, type Lifecycle, PartialFailure, type Values } from "../resource";
import { foresee } from "./foresee";
import { change, type Goal } from "./host/change";
import { HalfWay } from "./host/half-way";
import { inspect, type Seen } from "./host/inspect";
import { stale } from "./host/stale";
import type { Inputs, Kind } from "./kind";
import type { Owner } from "./ledger";
import { defaultPath, placeOf } from "./place";

/** When things happen to a resource that owns keys of an isardvdi.cfg; how, is the kind's and the host's matter. */
export function cfgLifecycle<I extends Inputs>(kind: Kind<I>, validate: Lifecycle["validate"]): Lifecycle {
    const asInputs = (values: Values): I => values as unknown as I;

    async function apply(id: string, values: Values, context: Context): Promise<Values> {
        const inputs = asInputs(values);
        const owner = { id, name: inputs.__urn ?? id };
        const remote = await open(inputs, context);
        try {
            const wish: Goal["draft"] = (seen, look) => kind.want(inputs, seen, owner, look);
            return stateOf(
                kind,
                values,
                await change(remote, goal(kind, inputs, owner, wish, true), context.world),
                owner,
            );
        } catch (error) {
            if (!(error instanceof HalfWay)) throw error;
            const state = { ...values, [setKey]: setNames(kind.definition, values), [amissKey]: "interrupted" };
            throw new PartialFailure(id, state, error);
        }
    }

    return {
        validate,

        foresee: (values, _state, context) => foresee(kind, asInputs(values), context),

        async create(values, context) {
            const { __urn = "", configPath = defaultPath } = asInputs(values);
            // from the URN, so that a create that was cut off finds its own traces again
            const id = createHash("sha256").update(`${__urn} ${configPath}`).digest("hex").slice(0, 16);
            return { id, state: await apply(id, values, context) };
        },

        async read(id, state, context) {
            const inputs = asInputs(state);
            const remote = await open(inputs, context);
            const question = {
                place: placeOfInputs(inputs),
                owner: id,
                services: kind.services(inputs),
                keys: kind.keys(inputs),
            };
            const seen = await inspect(remote, question, { signal: context.world.signal, log: context.world.log });
            return seen && stateOf(kind, state, seen, { id, name: inputs.__urn ?? id });
        },

        async update(id, state, values, context) {
            const next = await apply(id, values, context);
            const moved = state["machineId"] && next["machineId"] && state["machineId"] !== next["machineId"];
            if (moved) await leave(id, state, context);
            return next;
        },

        async delete(id, state, context) {
            try {
                await giveBack(id, state, context);
            } catch (error) {
                throw isCode(error, "ssh-unreachable", "dns", "host-key") ? withWayOut(error) : error;
            }
        },
    };

    async function giveBack(id: string, state: Values, context: Context): Promise<void> {
        const inputs = asInputs(state);
        const owner = { id, name: inputs.__urn ?? id };
        const remote = await open(inputs, context);
        const place = placeOfInputs(inputs);
        const call = { signal: context.world.signal, log: context.world.log };
        if (!(await inspect(remote, { place, owner: id, services: [], keys: [] }, call))) {
            context.world.log.warn(`${place.configPath} on ${remote.name} is gone: there is nothing to put back.`);
            return;
        }
        const wish: Goal["draft"] = (seen, look) => kind.giveBack(inputs, seen, owner, look);
        await change(remote, goal(kind, inputs, owner, wish, false), context.world);
    }

    /** The machine that the resource was on before its connection led to another one. */
    async function leave(id: string, state: Values, context: Context): Promise<void> {
        try {
            await giveBack(id, state, context);
        } catch (error) {
            const lines = kind.lines(asInputs(state)).join(", ");
            context.world.log.warn(`The machine before keeps its settings (${lines}): ${(error as Error).message}`);
        }
    }
}

const placeOfInputs = ({ configPath = defaultPath }: Inputs) => placeOf(configPath);

async function open({ connection }: Inputs, { configuration, remotes }: Context): Promise<Remote> {
    return remotes.open(await resolveConnection(connection, configuration));
}

function goal<I extends Inputs>(kind: Kind<I>, inputs: I, owner: Owner, draft: Goal["draft"], strict: boolean): Goal {
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
function stateOf<I extends Inputs>(kind: Kind<I>, values: Values, seen: Seen, owner: Owner): Values {
    const inputs = values as unknown as I;
    const wrong = [
        ...(seen.pending ? ["not built yet"] : []),
        ...stale(seen, kind.services(inputs), kind.keys(inputs)),
    ];
    const amiss = [...((inputs.apply ?? true) ? wrong : []), ...kind.amiss(inputs, seen, owner)];
    return {
        ...Object.fromEntries(Object.keys(kind.definition.properties).map((name) => [name, values[name]])),
        ...kind.found(inputs, seen),
        lines: kind.lines(inputs),
        machineId: seen.machineId,
        composeFile: placeOfInputs(inputs).composeFile,
        __urn: inputs.__urn,
        [setKey]: values[setKey] ?? setNames(kind.definition, values),
        [amissKey]: amiss.length > 0 ? amiss.join(", ") : undefined,
    };
}

function withWayOut({ code, message }: IsardvdiError): IsardvdiError {
    return new IsardvdiError({
        code,
        action: "put back",
        resource: "the settings",
        seen: message.replace(/\.$/, ""),
        advice: 'Where the host is gone for good, "pulumi state delete" takes the resource out of the state.',
    });
}
