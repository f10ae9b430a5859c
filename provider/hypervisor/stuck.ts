import type { Call, HypervisorRecord, IsardApi } from "../isardvdi/api";
import type { World } from "../world";
import type { Progress } from "./ensure";
import { enableAgain, release } from "./release";
import type { Seen } from "./watch";

/** Milliseconds for which a row stays as it is before it counts as missed, and between two looks at it then. */
const missedAfter = 30_000;
const lookAgain = 10_000;

export interface Rescue {
    /** An observer of the wait: it tells which record is the last. */
    see: (record: Seen) => undefined;
    /** Nothing that it has begun stays half done. */
    end: () => Promise<void>;
}

/**
 * A change that came within half a second of another one never reaches the engine, and nothing but a disable, a pause
 * and an enable heals that: done once for a row that stays Offline and enabled although the engine runs.
 */
export function rescuer(
    { api, hyperId, progress }: { api: IsardApi; hyperId: string; progress: Progress },
    world: World,
): Rescue {
    const over = new AbortController();
    const inner: World = { ...world, signal: AbortSignal.any([world.signal, over.signal]) };
    let last: string | undefined;
    let timing: AbortController | undefined;
    let work: Promise<void> = Promise.resolve();
    let isDone = false;
    const said = new Set<string>();

    const watch = async (mark: string, signal: AbortSignal): Promise<void> => {
        for (let pause = missedAfter; ; pause = lookAgain) {
            await world.clock.sleep(pause, signal);
            const call: Call = { signal, log: world.log };
            const record = await api.find(hyperId, call);
            if (!record || markOf(record) !== mark) return;
            const why = await obstacle(api, hyperId, call);
            signal.throwIfAborted();
            if (why === undefined) return bounce(record);
            if (!said.has(why)) world.log.status(`${hyperId} stays Offline and enabled, and is left so: ${why}`);
            said.add(why);
        }
    };
    const bounce = async (record: HypervisorRecord): Promise<void> => {
        isDone = true;
        world.log.status(
            `${hyperId} stays Offline and enabled: the engine has missed a change, so it is disabled and enabled once`,
        );
        await release({ api, progress }, record, inner);
        while (!(await enableAgain({ api, hyperId, progress }, inner)))
            await world.clock.sleep(lookAgain, inner.signal);
    };
    return {
        see(record) {
            const mark = record && markOf(record);
            if (isDone || mark === last) return undefined;
            last = mark;
            timing?.abort(new Error("the row has changed"));
            if (mark === undefined) return undefined;
            timing = new AbortController();
            const either = AbortSignal.any([inner.signal, timing.signal]);
            work = watch(mark, either).catch((error: unknown) => {
                // how the wait ends, it tells itself
                if (!either.aborted) world.log.debug(`the look for a missed change has ended: ${String(error)}`);
            });
            return undefined;
        },
        async end() {
            over.abort(new Error("the wait has ended"));
            await work;
            if (progress.takenOut) await enableAgain({ api, hyperId, progress }, world);
        },
    };
}

/** What must stay as it is; undefined where the engine has nothing to do for the row, or has said something. */
function markOf({ enabled, status, statusTime, detail, capabilities, bootProgress }: HypervisorRecord) {
    if (!enabled || status !== "Offline" || !capabilities.hypervisor) return undefined;
    return JSON.stringify([statusTime, detail, bootProgress?.step, bootProgress?.timestamp]);
}

/** Why the row may be as it is although nothing was missed. */
async function obstacle(api: IsardApi, hyperId: string, call: Call): Promise<string | undefined> {
    const rows = await api.list(call).catch(() => undefined);
    if (!rows) return "the site cannot list its hypervisors, so nobody knows how the others do";
    const others = rows.filter((row) => row.hyperId !== hyperId && markOf(row) !== undefined);
    if (others.length > 0) return `so do others (${others.map((row) => row.hyperId).join(", ")})`;
    const runs = await api.engineRuns(call);
    if (runs === undefined) return "the site does not say whether its engine runs";
    return runs ? undefined : "the engine does not answer";
}
