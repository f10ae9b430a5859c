import type { Clock, World } from "../world";

/** Milliseconds: nobody is left without a word for ten seconds. */
const longestSilence = 8000;

/** Speaks whenever nothing has been said since `saidAt` for a while, until the signal is aborted. */
export async function beat(clock: Clock, signal: AbortSignal, saidAt: () => number, speak: () => void): Promise<void> {
    while (!signal.aborted) {
        const rest = saidAt() + longestSilence - clock.now();
        if (rest <= 0) speak();
        else await clock.sleep(rest, signal).catch(() => undefined);
    }
}

/** Work that may take long by itself: says so, with its seconds, while it is under way. */
export async function audibly<T>({ clock, signal, log }: World, line: string, work: () => Promise<T>): Promise<T> {
    const over = new AbortController();
    const started = clock.now();
    let saidAt = started;
    const heart = beat(
        clock,
        AbortSignal.any([signal, over.signal]),
        () => saidAt,
        () => {
            saidAt = clock.now();
            log.status(`${line} (${Math.round((saidAt - started) / 1000)} s)`);
        },
    );
    try {
        return await work();
    } finally {
        over.abort();
        await heart;
    }
}
