import { asError } from "./as-error";

/** Everything the core needs from outside, handed in by a front, a test or the sandbox. */
export interface World {
    clock: Clock;
    /** Aborted when the run is cancelled; every wait and every request listens to it. */
    signal: AbortSignal;
    log: Log;
}

export interface Clock {
    /** Milliseconds since the epoch on *this* machine; never compared with a server's clock. */
    now(): number;
    /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
    sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Log {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
    /** A line that replaces the one before it on the resource's own line of the display. */
    status(message: string): void;
}

export const systemClock: Clock = {
    now: () => Date.now(),
    sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
            if (signal.aborted) return reject(asError(signal.reason));
            const onAbort = (): void => {
                clearTimeout(timer);
                reject(asError(signal.reason));
            };
            const timer = setTimeout(() => {
                signal.removeEventListener("abort", onAbort);
                resolve();
            }, ms);
            signal.addEventListener("abort", onAbort, { once: true });
        }),
};

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, status() {} };
