import { asError } from "../as-error";
import type { Configuration } from "../configuration";
import { IsardvdiError } from "../errors";
import type { Generation, IsardApi } from "../isardvdi/api";
import { amissKey, changes, incompleteKey, restated, setKey } from "../property/changes";
import { type Context, type Lifecycle, PartialFailure, type Values } from "../resource";
import { audibly } from "../wait/beat";
import { remove } from "./delete";
import { otherOwner, ownerKey } from "./owner";
import { explainerOf, precheckOf, subjectOf } from "./explain";
import { isSelf, unregistered, untilThere } from "./absence";
import { knownVlans } from "./vlans";
import { ensure, type Progress, type Undone } from "./ensure";
import { openHost } from "./host/open";
import { definition, type Inputs } from "./schema";
import { withReasons } from "./reasons";
import { backInService } from "./release";
import { stateOf } from "./state";
import { validate } from "./validate";

const openSite = ({ site }: Inputs, { sites, world }: Context): Promise<IsardApi> =>
    audibly(world, "waiting for the site's API", () => sites.open(site));

const told = new WeakMap<Configuration, Set<string | undefined>>();

/** What is read and deleted over plain http is told once for each site and run. */
function warnOfHttp({ site }: Inputs, { configuration, world }: Context): void {
    const said = told.get(configuration) ?? new Set();
    told.set(configuration, said);
    const { unencrypted } = configuration.site(site);
    if (!unencrypted || said.has(site)) return;
    said.add(site);
    world.log.warn(`${unencrypted.seen}. ${unencrypted.advice}`);
}

/** When things happen to a hypervisor; how they are done stands in the modules it calls. */
export const lifecycle: Lifecycle<Inputs> = {
    validate,

    async create(inputs, context) {
        return { id: inputs.hyperId, state: await apply(inputs.hyperId, inputs, undefined, context) };
    },

    async read(id, state, context) {
        warnOfHttp(state, context);
        const api = await openSite(state, context);
        const { world } = context;
        // the list may be older than a registration, so an absence is looked at twice
        const record =
            (await api.findListed(id, world)) ??
            (await (isSelf(state) ? untilThere(api, id, world) : api.find(id, world)));
        if (!record) return isSelf(state) ? unregistered(state) : undefined;
        const vlans = await knownVlans(api, state.vlans, world);
        return {
            ...stateOf(record, state, { generation: api.generation, vlans }),
            [incompleteKey]: state[incompleteKey],
            [ownerKey]: state[ownerKey],
        };
    },

    async update(id, state, inputs, context) {
        const found = changes(definition, state, inputs);
        const touchesServer =
            state[incompleteKey] !== undefined ||
            state[amissKey] !== undefined ||
            found.length === 0 ||
            found.some(({ kind }) => kind !== "state-only");
        if (touchesServer) return apply(id, inputs, state, context);
        return restated(definition, state, inputs);
    },

    async delete(id, state, context) {
        warnOfHttp(state, context);
        const api = await openSite(state, context);
        await remove(api, id, state.deletion, context.world, (record) => otherOwner(record, state));
        if (isSelf(state))
            context.world.log.info(`${id} registers itself again when its isard-hypervisor container is started again`);
    },
};

/** Create and update alike: what exists after a failure goes into the state. */
async function apply(id: string, inputs: Inputs, state: Values | undefined, context: Context): Promise<Values> {
    // a site that was unknown in preview
    const { unencrypted } = context.configuration.site(inputs.site);
    if (unencrypted) throw unencrypted;
    const api = await openSite(inputs, context);
    const { sites, world } = context;
    const feed = await sites.feed(inputs.site);
    const host = openHost(inputs, context);
    const undone = (state?.[incompleteKey] as Undone | undefined) ?? "online";
    const progress: Progress = { record: undefined, vlans: undefined, undone };
    try {
        const reasons = {
            subject: subjectOf(inputs),
            generation: api.generation,
            find: (signal: AbortSignal) => api.find(id, { signal, log: world.log }),
            explain: explainerOf(inputs, context),
        };
        await withReasons(reasons, world, (inner, notice) =>
            ensure({ api, feed, host, inputs, state, progress, notice, precheck: precheckOf(inputs, context) }, inner),
        );
        if (progress.record?.orchestratorManaged)
            world.log.warn(
                `${id} is managed by IsardVDI's orchestrator, which deletes records that are not Online: end that there`,
            );
        return { ...snapshot(progress, inputs, api.generation), [ownerKey]: progress.token };
    } catch (failure) {
        const error =
            inputs.enabled === false ? failure : await backInService(failure, id, { api, progress }, context.world);
        const after = snapshot(progress, inputs, api.generation) ?? state;
        if (!after) throw asCancelled(error, id, world);
        // what has not been sent is still to be sent
        const unsent = { triggers: state?.["triggers"], flavour: state?.["flavour"] };
        throw new PartialFailure(
            id,
            {
                ...after,
                [ownerKey]: progress.token ?? state?.[ownerKey],
                ...(progress.undone === "register" ? unsent : {}),
                // a run that failed may not have written it
                ...(progress.record && { gpuOnly: progress.record.gpuOnly }),
                [incompleteKey]: progress.undone,
            },
            asCancelled(error, id, world),
        );
    }
}

/** A sleep that was cut off throws the signal's reason, which says nothing to a person. */
function asCancelled(error: unknown, id: string, { signal }: Context["world"]): Error {
    if (!signal.aborted || error instanceof IsardvdiError) return asError(error);
    return new IsardvdiError({
        code: "cancelled",
        action: "register",
        resource: `hypervisor "${id}"`,
        seen: "the run was cancelled",
        advice: "The next pulumi up goes on from here.",
    });
}

function snapshot({ record, vlans }: Progress, inputs: Values, generation: Generation): Values | undefined {
    return record && stateOf(record, { ...inputs, [setKey]: undefined }, { generation, vlans });
}
