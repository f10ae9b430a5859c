import type { Clock } from "../world";

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
