import type { Clock } from "../world";

/** Looks at once, then at growing intervals, until the signal is aborted. */
export async function* poll<T>(
    look: () => Promise<T>,
    clock: Clock,
    signal: AbortSignal,
    intervals = growing,
): AsyncGenerator<T> {
    for (let turn = 0; !signal.aborted; turn += 1) {
        yield await look();
        const interval = intervals[Math.min(turn, intervals.length - 1)] ?? 2000;
        try {
            await clock.sleep(interval, signal);
        } catch {
            return;
        }
    }
}

/** Milliseconds: soon at first, for a re-enabled hypervisor is Online within a second. */
const growing = [100, 200, 400, 800, 1500, 2000];
