import type { Row } from "../../row";
import type { SiteClock } from "../../clock";
import { NOTE } from "../protocol";
import { type Datum, type Rows, same, SingleRow, type Step } from "./values";

export interface FeedOptions {
    includeInitial: boolean;
    includeStates: boolean;
    includeTypes: boolean;
    /** True merges what was not yet fetched; a number holds changes back for as many seconds. */
    squash: boolean | number;
}

/** `changes()` on a table, a selection or one row; nothing is watched until it is opened. */
export class Feed {
    constructor(
        readonly source: Rows | SingleRow,
        readonly options: FeedOptions,
        readonly steps: readonly Step[] = [],
    ) {}

    through(step: Step): Feed {
        return new Feed(this.source, this.options, [...this.steps, step]);
    }

    get notes(): number[] {
        const kind = this.source instanceof SingleRow ? NOTE.ATOM_FEED : NOTE.SEQUENCE_FEED;
        return this.options.includeStates ? [kind, NOTE.INCLUDES_STATES] : [kind];
    }
}

type Pending = { key: string; before: Datum; after: Datum } | { event: Datum };

/** A feed that a client has open: what happened since its last fetch. */
export class OpenFeed {
    private pending: Pending[] = [];
    private held = false;
    private readonly cancels: (() => void)[] = [];

    constructor(
        private readonly feed: Feed,
        private readonly clock: SiteClock,
        private readonly notify: () => void,
    ) {
        const { table } = feed.source.source;
        this.start();
        this.cancels.push(table.onChange((before, after) => this.changed(before, after)));
    }

    get isReady(): boolean {
        return this.pending.length > 0 && !this.held;
    }

    take(): Datum[] {
        const events = this.pending
            .splice(0)
            .map((each) => ("event" in each ? each.event : this.change(each.before, each.after)));
        return events.flatMap((event) => {
            const value = this.feed.steps.reduce<Datum | undefined>(
                (each, step) => (each === undefined ? undefined : step(each)),
                event,
            );
            return value === undefined ? [] : [value];
        });
    }

    close(): void {
        for (const cancel of this.cancels.splice(0)) cancel();
    }

    private start(): void {
        const { includeInitial, includeStates } = this.feed.options;
        const { source } = this.feed;
        if (includeStates && includeInitial) this.state("initializing");
        if (includeInitial) {
            const values = source instanceof SingleRow ? [source.row()] : source.all();
            for (const value of values) this.pending.push({ event: this.typed({ new_val: value }, "initial") });
        }
        if (includeStates) this.state("ready");
    }

    private state(state: string): void {
        this.pending.push({ event: this.typed({ state }, "state") });
    }

    private changed(beforeRow: Row | undefined, afterRow: Row | undefined): void {
        const id = (afterRow ?? beforeRow)?.["id"];
        const [before, after] = [this.project(beforeRow), this.project(afterRow)];
        if (same(before, after)) return;
        if (this.feed.source instanceof SingleRow && id !== this.feed.source.key) return;
        this.push(JSON.stringify(id), before, after);
        const { squash } = this.feed.options;
        if (typeof squash === "number" && squash > 0 && !this.held) {
            this.held = true;
            const release = (): void => {
                this.held = false;
                if (this.isReady) this.notify();
            };
            this.cancels.push(this.clock.after(squash * 1000, release));
        } else if (this.isReady) this.notify();
    }

    private project(row: Row | undefined): Datum {
        const { source } = this.feed;
        if (source instanceof SingleRow) return (row as Datum | undefined) ?? null;
        return source.project(row) ?? null;
    }

    private push(key: string, before: Datum, after: Datum): void {
        const known = this.feed.options.squash
            ? this.pending.find((each) => "key" in each && each.key === key)
            : undefined;
        if (!known || !("key" in known)) {
            this.pending.push({ key, before: structuredClone(before), after: structuredClone(after) });
            return;
        }
        known.after = structuredClone(after);
        // there and back again is no change
        if (same(known.before, known.after)) this.pending.splice(this.pending.indexOf(known), 1);
    }

    private change(before: Datum, after: Datum): Datum {
        const type = before === null ? "add" : after === null ? "remove" : "change";
        return this.typed({ new_val: after, old_val: before }, type);
    }

    private typed(event: { [key: string]: Datum }, type: string): Datum {
        return this.feed.options.includeTypes ? { ...event, type } : event;
    }
}
