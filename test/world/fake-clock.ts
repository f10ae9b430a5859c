import type { Clock } from "../../provider/world";

interface Timer {
    at: number;
    wake: () => void;
}

/** A clock that jumps to the next timer as soon as nothing else is left to run. */
export function fakeClock(start = 1_000_000): Clock & { set(now: number): void } {
    let now = start;
    const timers: Timer[] = [];
    const jump = (): void => {
        timers.sort((a, b) => a.at - b.at);
        const next = timers.shift();
        if (!next) return;
        now = Math.max(now, next.at);
        next.wake();
    };
    return {
        now: () => now,
        set: (value) => (now = value),
        sleep: (ms, signal) =>
            new Promise((resolve, reject) => {
                if (signal.aborted) return reject(signal.reason as Error);
                const onAbort = (): void => {
                    timers.splice(timers.indexOf(timer), 1);
                    reject(signal.reason as Error);
                };
                const wake = (): void => {
                    signal.removeEventListener("abort", onAbort);
                    resolve();
                };
                const timer = { at: now + ms, wake };
                timers.push(timer);
                signal.addEventListener("abort", onAbort, { once: true });
                setImmediate(jump);
            }),
    };
}
