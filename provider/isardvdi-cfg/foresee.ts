import { asError } from "../as-error";
import { DeadlinePassed, withDeadline } from "../concurrency/deadline";
import { connectionOf } from "../connection";
import { amissKey, changes } from "../property/changes";
import { hasUnknown } from "../property/unknown";
import type { Context, Values } from "../resource";
import { inspect } from "./host/inspect";
import type { Kind } from "./kind";
import type { Common } from "./properties";
import { defaultPath, placeOf } from "./place";
import { shownLine } from "./secrets";

/** So long the one look at a server may take. */
const lookMs = 5000;

/** The desired lines, into the inputs; what the file has now, into the log. */
export async function foresee<I extends Common>(
    kind: Kind<I>,
    inputs: I,
    state: Values | undefined,
    context: Context,
): Promise<Values> {
    const settled = state && state[amissKey] === undefined && changes(kind.definition, state, inputs).length === 0;
    if (!settled && !hasUnknown(inputs)) await compare(kind, inputs, context);
    return { lines: kind.lines(inputs) };
}

/** One read-only round trip; a server that does not answer is no error of the preview's. */
async function compare<I extends Common>(
    kind: Kind<I>,
    inputs: I,
    { world, configuration, remotes }: Context,
): Promise<void> {
    const { log } = world;
    const place = placeOf(inputs.configPath ?? defaultPath);
    try {
        const remote = remotes.open(connectionOf(inputs.connection, configuration));
        const seen = await withDeadline(lookMs, world, (signal) =>
            inspect(remote, { place, owner: "preview", services: [], keys: [] }, { log, signal, timeoutMs: lookMs }),
        );
        const where = `${place.configPath} on ${remote.name}`;
        if (!seen) return log.warn(`${where} is not there yet.`);
        const there = { ...inputs, ...kind.found(inputs, seen) };
        if (changes(kind.definition, there, inputs).length === 0) return;
        for (const key of kind.keys(inputs)) {
            const now = seen.cfg.read(key);
            log.info(`${where} has now: ${now.state === "set" ? shownLine(key, now.value) : `${key} ${now.state}`}`);
        }
    } catch (error) {
        const why = error instanceof DeadlinePassed ? `no answer within ${lookMs / 1000} s.` : asError(error).message;
        log.info(`${place.configPath} is not compared now, and decided at apply: ${why}`);
    }
}
