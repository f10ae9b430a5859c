import type { Clock } from "../world";

/** The time was up before the work had ended, and nobody had cancelled it. */
export class DeadlinePassed extends Error {
    /** As the platform's own is called, for what is handed the signal tells a limit from a cancellation by it. */
    override readonly name = "TimeoutError";

    constructor(ms: number, options?: ErrorOptions) {
        super(`no answer in ${ms / 1000} s`, options);
    }
}

/**
 * Work that its own time limit cuts off as the run's cancellation does: at the limit it fails with `DeadlinePassed`,
 * whatever it made of it. The clock's timer holds the limit, for an AbortSignal.timeout to which only an
 * AbortSignal.any refers is lost to the garbage collector of Node 20.
 */
export async function withDeadline<T>(
    ms: number,
    { clock, signal: outer }: { clock: Clock; signal?: AbortSignal },
    work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
    const either = new AbortController();
    const ended = new AbortController();
    const cancel = (): void => either.abort(outer?.reason);
    if (outer?.aborted) cancel();
    else outer?.addEventListener("abort", cancel, { once: true });
    const passed = new DeadlinePassed(ms);
    const timer = clock.sleep(ms, ended.signal).then(() => either.abort(passed), ignore);
    try {
        return await work(either.signal);
    } catch (error) {
        if (either.signal.reason !== passed || error === passed) throw error;
        throw new DeadlinePassed(ms, { cause: error });
    } finally {
        outer?.removeEventListener("abort", cancel);
        ended.abort();
        await timer;
    }
}

const ignore = (): void => undefined;
