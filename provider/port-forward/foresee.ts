import { asError } from "../as-error";
import { DeadlinePassed, withDeadline } from "../concurrency/deadline";
import type { HostFirewall } from "../firewall/firewall";
import { commentPrefix } from "../firewall/rules";
import { amissKey, changes } from "../property/changes";
import { hasUnknown, unknownValue } from "../property/unknown";
import type { Context, Values } from "../resource";
import { comparison } from "./comparison";
import { openHost } from "./host";
import { forwardOf, tagOf } from "./inputs";
import { definition, type Inputs } from "./schema";
import { inspectTogether } from "./inspection";
import type { Parts } from "./parts";

/** So long the one look at a host may take. */
const lookMs = 5000;
/** After so many hosts that did not answer, the others are not waited for: preview must not stand still. */
const patience = 3;
const silent = new WeakMap<Context["remotes"], number>();

/** The rules as the inputs ask for them, into the inputs; what the host has now, into the log. */
export async function foresee(
    parts: Parts,
    inputs: Inputs,
    state: Values | undefined,
    context: Context,
): Promise<Values> {
    const { connection, __urn: urn, backend = "auto" } = inputs;
    if (hasUnknown({ ...inputs, connection: undefined }) || urn === undefined) return { rules: unknownValue };
    const owner = { tag: tagIn(state) ?? tagOf(urn), name: urn };
    const rules = parts.rulesOf(owner, forwardOf(inputs), backend === "auto" ? "iptables" : backend);
    const settled = state && state[amissKey] === undefined && changes(definition, state, inputs).length === 0;
    if (!settled && !hasUnknown(connection)) await compare(parts, inputs, state, context);
    return { rules };
}

/** A resource keeps its tag when it gets another name. */
const tagIn = (state: Values | undefined): string | undefined =>
    new RegExp(`${commentPrefix}([0-9a-f]+)`).exec(JSON.stringify(state?.["rules"] ?? ""))?.[1];

async function compare(parts: Parts, inputs: Inputs, state: Values | undefined, context: Context): Promise<void> {
    const { log, clock } = context.world;
    const unanswered = silent.get(context.remotes) ?? 0;
    if (unanswered >= patience)
        return log.info("not compared with the host: too many hosts did not answer. Decided at apply.");
    let found: HostFirewall;
    try {
        const { remote } = openHost(inputs.connection, context);
        found = await withDeadline(lookMs, context.world, (signal) =>
            inspectTogether(parts.firewall, remote, inputs.backend ?? "auto", {
                clock,
                log,
                signal,
                timeoutMs: lookMs,
            }),
        );
    } catch (error) {
        silent.set(context.remotes, unanswered + 1);
        const why = error instanceof DeadlinePassed ? `no answer within ${lookMs / 1000} s.` : asError(error).message;
        return log.info(`not compared with the host, decided at apply: ${why}`);
    }
    const former = { name: state?.["__urn"], tag: tagIn(state) };
    for (const { level, text } of comparison(parts, inputs, former, found)) log[level](text);
}
