import { isCode } from "../errors";
import type { Clock } from "../world";
import type { Call } from "./api";

/** Milliseconds that a list serves the reads of a run. */
const maxAge = 15_000;

/** One list for all reads of a run: requested once, at most 15 s old, dropped by any write of ours. */
export class Listing<T> {
    private current: { at: number; items: Promise<T> } | undefined;

    constructor(
        private readonly clock: Clock,
        private readonly load: (call: Call) => Promise<T>,
    ) {}

    get(call: Call): Promise<T> {
        if (this.current && this.clock.now() - this.current.at < maxAge) return this.current.items;
        const items = this.load(call);
        const entry = { at: this.clock.now(), items };
        this.current = entry;
        items.catch((error: unknown) => {
            // a list that the server cannot make stays failed for a while: each reader then reads by itself
            if (isCode(error, "server-error")) return;
            if (this.current === entry) this.current = undefined;
        });
        return items;
    }

    drop(): void {
        this.current = undefined;
    }
}
