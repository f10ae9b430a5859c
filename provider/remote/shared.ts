import { asError } from "../as-error";
import type { Log } from "../world";
import { silentLog } from "../world";

/** Who waits for something shared: leaves alone when his own signal is aborted. */
export interface Waiting {
    signal: AbortSignal;
    log: Log;
}

/** Work that several wait for: each sees its status lines, and it is given up when the last one leaves. */
export class Shared<T> {
    private readonly logs = new Set<Log>();
    private readonly givenUp = new AbortController();
    private readonly work: Promise<T>;

    constructor(start: (waiting: Waiting) => Promise<T>) {
        const log: Log = { ...silentLog, status: (message) => this.logs.forEach((each) => each.status(message)) };
        this.work = Promise.resolve().then(() => start({ signal: this.givenUp.signal, log }));
        this.work.catch(() => undefined);
    }

    get abandoned(): boolean {
        return this.givenUp.signal.aborted;
    }

    giveUp(reason: unknown = new Error("cancelled")): void {
        this.givenUp.abort(reason);
    }

    wait({ signal, log }: Waiting): Promise<T> {
        return new Promise((resolve, reject) => {
            const leave = (): void => {
                signal.removeEventListener("abort", stop);
                this.logs.delete(ownLog);
            };
            const stop = (): void => {
                leave();
                reject(asError(signal.reason));
                if (this.logs.size === 0) this.giveUp(signal.reason);
            };
            // an object of one's own, for two may share a log
            const ownLog: Log = { ...silentLog, status: (message) => log.status(message) };
            this.logs.add(ownLog);
            if (signal.aborted) return stop();
            signal.addEventListener("abort", stop, { once: true });
            this.work.then(resolve, reject).finally(leave);
        });
    }
}
