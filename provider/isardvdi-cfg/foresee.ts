import { changes } from "../property/changes";
import { hasUnknown } from "../property/unknown";
import { resolveConnection } from "../remote/resolve";
import type { Context, Values } from "../resource";
import { inspect } from "./host/inspect";
import type { Inputs, Kind } from "./kind";
import { defaultPath, placeOf } from "./place";
import { shownLine } from "./secrets";

const previewMs = 5000;

/** The desired lines, shown by preview; what the file has now goes into the log, in one read-only round trip. */
export async function foresee<I extends Inputs>(kind: Kind<I>, inputs: I, context: Context): Promise<Values> {
    const lines = kind.lines(inputs);
    if (!hasUnknown(inputs)) await compare(kind, inputs, context);
    return { lines };
}

async function compare<I extends Inputs>(kind: Kind<I>, inputs: I, context: Context): Promise<void> {
    const { log } = context.world;
    const place = placeOf(inputs.configPath ?? defaultPath);
    // bounds the dialling as well, which may take its own time
    const signal = AbortSignal.any([context.world.signal, AbortSignal.timeout(previewMs)]);
    try {
        const remote = context.remotes.open(await resolveConnection(inputs.connection, context.configuration));
        const question = { place, owner: "preview", services: [], keys: [] };
        const seen = await inspect(remote, question, { signal, log, timeoutMs: previewMs });
        const where = `${place.configPath} on ${remote.name}`;
        if (!seen) return log.warn(`${where} is not there yet.`);
        const there = { ...inputs, ...kind.found(inputs, seen) };
        if (changes(kind.definition, there, inputs as unknown as Values).length === 0) return;
        for (const key of kind.keys(inputs)) {
            const now = seen.cfg.read(key);
            log.info(`${where} has now: ${now.state === "set" ? shownLine(key, now.value) : `${key} ${now.state}`}`);
        }
    } catch (error) {
        log.debug(`${place.configPath} cannot be compared now, so it is decided at apply: ${(error as Error).message}`);
    }
}
