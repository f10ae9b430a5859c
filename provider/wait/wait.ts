import type { World } from "../world";
import { beat } from "./beat";

/** What a condition makes of what it saw; `failed` ends the wait with that error. */
export type Verdict = { state: "met" } | { state: "pending" } | { state: "failed"; error: Error };

/** Looks at what was seen and returns a line worth saying, if any; an observer never decides. */
export type Observer<T> = (seen: T) => string | undefined;

export interface Wait<T> {
    /** Values as they come; it may end early, for the wait looks once more before it gives up. */
    watch: (signal: AbortSignal) => AsyncIterable<T>;
    /** A fresh value, for the last look. */
    look: (signal: AbortSignal) => Promise<T>;
    /**
     * A fresh value once the condition is met, for a stream that may be late; undefined when it cannot be had, and
     * then the stream decides again.
     */
    confirm?: (() => Promise<{ seen: T } | undefined>) | undefined;
    condition: (seen: T) => Verdict;
    observers: Observer<T>[];
    /** Said whenever nothing else was said for a while. */
    heartbeat: (last: T | undefined, elapsedMs: number) => string;
    timeoutMs: number;
}

/** Thrown when the time is up; carries the last value, so that the caller can say what was seen. */
export class WaitTimeout<T> extends Error {
    constructor(
        readonly last: T | undefined,
        readonly elapsedMs: number,
    ) {
        super(`timed out after ${Math.round(elapsedMs / 1000)} s`);
    }
}

/** One condition decides, many observers talk, and the condition is asked again after the stream has ended. */
export async function waitFor<T>(wait: Wait<T>, { clock, signal, log }: World): Promise<T> {
    const started = clock.now();
    const elapsed = (): number => clock.now() - started;
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    let last: T | undefined;
    let saidAt = started;
    const say = (line: string): void => {
        saidAt = clock.now();
        log.status(line);
    };
    const judge = (seen: T): boolean => {
        last = seen;
        for (const observe of wait.observers) {
            const line = observe(seen);
            if (line) say(line);
        }
        const verdict = wait.condition(seen);
        if (verdict.state === "failed") throw verdict.error;
        return verdict.state === "met";
    };

    const timer = clock.sleep(wait.timeoutMs, either).then(() => over.abort(new Error("the time is up")), ignore);
    const heart = beat(
        clock,
        either,
        () => saidAt,
        () => say(wait.heartbeat(last, elapsed())),
    );

    try {
        for await (const seen of untilAborted(wait.watch(either), either)) {
            if (!judge(seen)) continue;
            const fresh = wait.confirm ? await wait.confirm() : { seen };
            if (fresh && (!wait.confirm || judge(fresh.seen))) return fresh.seen;
        }
        signal.throwIfAborted();
        // the stream may have missed the very change that was waited for
        const seen = await wait.look(signal);
        if (judge(seen)) return seen;
        throw new WaitTimeout(last, elapsed());
    } finally {
        over.abort(new Error("the wait has ended"));
        await Promise.all([timer, heart]);
    }
}

/** Ends the stream as soon as the signal is aborted, even where the stream itself is stuck. */
async function* untilAborted<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
    const iterator = stream[Symbol.asyncIterator]();
    const aborted = new Promise<{ done: true; value: undefined }>((resolve) => {
        const end = (): void => resolve({ done: true, value: undefined });
        if (signal.aborted) end();
        else signal.addEventListener("abort", end, { once: true });
    });
    try {
        for (;;) {
            const next = iterator.next().catch((error: unknown): IteratorResult<T, undefined> => {
                // an error that the abort itself caused is no failure of the stream
                if (signal.aborted) return { done: true, value: undefined };
                throw error;
            });
            const result = (await Promise.race([next, aborted])) as IteratorResult<T, undefined>;
            if (result.done) return;
            yield result.value;
        }
    } finally {
        void iterator.return?.();
    }
}

const ignore = (): void => undefined;
