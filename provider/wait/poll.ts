import type { Clock, World } from "../world";

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

/** What was looked at once it is as wanted, or as it is when the time is over; a cancellation is thrown. */
export async function pollUntil<T>(
    look: () => Promise<T>,
    isWanted: (seen: T) => boolean,
    withinMs: number,
    { clock, signal }: Pick<World, "clock" | "signal">,
    { intervals = growing, waiting }: { intervals?: number[]; waiting?: () => void } = {},
): Promise<T> {
    const until = clock.now() + withinMs;
    for await (const seen of poll(look, clock, signal, intervals)) {
        if (isWanted(seen) || clock.now() >= until) return seen;
        waiting?.();
    }
    signal.throwIfAborted();
    throw new Error("unreachable: a poll ends with its signal alone");
}

/** Milliseconds: soon at first, for a re-enabled hypervisor is Online within a second. */
const growing = [100, 200, 400, 800, 1500, 2000];
