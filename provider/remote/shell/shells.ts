import { asError } from "../../as-error";
import { Dropped, SessionRefused } from "./start";
import type { Shell } from "./shell";

interface Waiter {
    resolve: (shell: Shell) => void;
    reject: (error: Error) => void;
}

/** The shells of one connection: opened as they are needed, few enough for any sshd, the rest queues. */
export class Shells {
    private readonly idle: Shell[] = [];
    private readonly waiters: Waiter[] = [];
    private open = 0;
    private opening = 0;
    private dropped = false;

    constructor(
        private readonly start: () => Promise<Shell>,
        private limit = 4,
    ) {}

    /** A shell of one's own until it is released. */
    acquire(signal: AbortSignal): Promise<Shell> {
        return new Promise((resolve, reject) => {
            const stop = (): void => {
                this.waiters.splice(this.waiters.indexOf(waiter), 1);
                reject(asError(signal.reason));
            };
            const settled = (): void => signal.removeEventListener("abort", stop);
            const waiter: Waiter = {
                resolve: (shell) => (settled(), resolve(shell)),
                reject: (error) => (settled(), reject(error)),
            };
            if (signal.aborted) return reject(asError(signal.reason));
            signal.addEventListener("abort", stop, { once: true });
            this.waiters.push(waiter);
            this.serve();
        });
    }

    release(shell: Shell): void {
        if (shell.usable) this.idle.push(shell);
        this.serve();
    }

    /** The connection has gone: nobody who waits was served. */
    drop(): void {
        this.dropped = true;
        for (const waiter of this.waiters.splice(0)) waiter.reject(new Dropped("the connection was lost"));
    }

    private serve(): void {
        if (this.dropped) return this.drop();
        while (this.waiters.length > 0) {
            const shell = this.idle.pop();
            if (!shell) break;
            if (shell.usable) this.waiters.shift()?.resolve(shell);
        }
        while (this.opening < this.waiters.length && this.open < this.limit) this.grow();
    }

    private grow(): void {
        this.open += 1;
        this.opening += 1;
        this.start().then(
            (shell) => {
                this.opening -= 1;
                void shell.closed.then(() => {
                    this.open -= 1;
                    this.serve();
                });
                this.release(shell);
            },
            (error: Error) => {
                this.opening -= 1;
                this.open -= 1;
                // with at least one shell the others only queue longer
                if (error instanceof SessionRefused && this.open > 0) this.limit = Math.max(1, this.open);
                else this.waiters.shift()?.reject(error);
                this.serve();
            },
        );
    }
}
