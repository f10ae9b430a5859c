import type { Clock } from "../../world";
import type { HypervisorRecord } from "../api";
import type { Database } from "./database";
import { type FeedRefused, refusalOf } from "./refusal";

type Seen = HypervisorRecord | undefined;

/** Whether changes come at once; when they do not, and it is known why, the reason. */
export type FeedState = { live: true } | { live: false; reason?: FeedRefused; wasLive: boolean };

export interface Listener {
    record(record: Seen): void;
    state(state: FeedState): void;
}

export interface FeedWorld {
    clock: Clock;
    signal: AbortSignal;
    connect: (signal: AbortSignal) => Promise<Database>;
}

/** Milliseconds before each new try. */
const pauses = [0, 250, 500, 1000, 2000, 5000, 10_000];
/** A feed that has been silent this long is asked whether it still lives. */
const quiet = 10_000;
const answersWithin = 5000;
/** More than any site has. */
const mostRows = 100_000;

/**
 * The hypervisors of one site as they change: one connection for all that wait, open while somebody does.
 * Every (re)connection begins with the present rows, so no change is lost in between.
 */
export class Feed {
    private readonly listeners = new Map<string, Set<Listener>>();
    private present: FeedState = { live: false, wasLive: false };
    private running: AbortController | undefined;
    private database: Database | undefined;
    private heardAt = 0;
    private asking: { ids: Set<string>; answer: Promise<Map<string, HypervisorRecord>> } | undefined;
    private warned = false;

    constructor(private readonly world: FeedWorld) {}

    get state(): FeedState {
        return this.present;
    }

    /** True for the first who asks: a warning about the whole site is said once. */
    warns(): boolean {
        const first = !this.warned;
        this.warned = true;
        return first;
    }

    subscribe(hyperId: string, listener: Listener): () => void {
        const set = this.listeners.get(hyperId) ?? new Set();
        this.listeners.set(hyperId, set.add(listener));
        listener.state(this.present);
        if (this.present.live) {
            const again = (): void => void (set.has(listener) && this.database?.close());
            this.read(hyperId).then((record) => set.has(listener) && listener.record(record), again);
        } else if (!this.isRefused) this.start();
        return () => {
            set.delete(listener);
            if (set.size === 0 && this.listeners.get(hyperId) === set) this.listeners.delete(hyperId);
            if (this.listeners.size === 0) this.stop();
        };
    }

    /** The record as the database has it now; all that ask in the same turn share a query. */
    async read(hyperId: string): Promise<Seen> {
        const { database } = this;
        if (!database) throw new Error("the change feed is not open");
        this.asking ??= this.ask(database);
        this.asking.ids.add(hyperId);
        return (await this.asking.answer).get(hyperId);
    }

    private get isRefused(): boolean {
        return !this.present.live && this.present.reason?.isFinal === true;
    }

    private ask(database: Database): NonNullable<Feed["asking"]> {
        const ids = new Set<string>();
        const answer = Promise.resolve().then(() => {
            this.asking = undefined;
            return this.limited(database.read([...ids]));
        });
        return { ids, answer };
    }

    private start(): void {
        if (this.running) return;
        const running = (this.running = new AbortController());
        void this.run(AbortSignal.any([running.signal, this.world.signal])).catch(() => undefined);
    }

    private stop(): void {
        this.running?.abort(new Error("nobody waits any more"));
        this.running = undefined;
        this.database?.close();
        this.database = undefined;
        if (!this.isRefused) this.present = { live: false, wasLive: this.present.live || this.present.wasLive };
    }

    private async run(signal: AbortSignal): Promise<void> {
        for (let attempt = 0; !signal.aborted && !this.isRefused; attempt += 1) {
            await this.world.clock.sleep(pauses[Math.min(attempt, pauses.length - 1)] ?? 0, signal);
            try {
                const database = await this.world.connect(signal);
                await this.follow(database, signal, () => (attempt = -1));
            } catch (error) {
                if (signal.aborted) return;
                const wasLive = this.present.live || this.present.wasLive;
                this.become({ live: false, reason: refusalOf(error, "of the site"), wasLive });
            }
        }
    }

    /** Ends only with an error: the connection's, or the watchdog's. */
    private async follow(database: Database, signal: AbortSignal, opened: () => void): Promise<void> {
        if (signal.aborted) return database.close();
        this.database = database;
        const over = new AbortController();
        const either = AbortSignal.any([signal, over.signal]);
        try {
            await Promise.race([this.listen(database, opened), this.guard(database, either)]);
        } finally {
            over.abort(new Error("the connection has ended"));
            database.close();
            if (this.database === database) this.database = undefined;
        }
    }

    private async listen(database: Database, opened: () => void): Promise<void> {
        const there = new Set<string>();
        this.heardAt = this.world.clock.now();
        for await (const change of database.changes()) {
            // a connection that was given up must not speak for the one that followed it
            if (this.database !== database) return;
            this.heardAt = this.world.clock.now();
            if (change.kind === "row") {
                if (!this.present.live) there.add(change.hyperId);
                if (there.size > mostRows) throw new Error(`the database has more than ${mostRows} hypervisors`);
                this.deliver(change.hyperId, change.record);
            } else if (change.kind === "ready") {
                opened();
                for (const hyperId of this.listeners.keys()) if (!there.has(hyperId)) this.deliver(hyperId, undefined);
                there.clear();
                this.become({ live: true });
            } else await this.refresh(database);
        }
    }

    /** A dead connection is as silent as a site where nothing happens: a read tells them apart, and mends what was missed. */
    private async guard(database: Database, signal: AbortSignal): Promise<void> {
        const { clock } = this.world;
        for (;;) {
            const rest = this.heardAt + quiet - clock.now();
            if (rest > 0) await clock.sleep(rest, signal);
            else {
                await this.refresh(database);
                this.heardAt = clock.now();
            }
        }
    }

    private async refresh(database: Database): Promise<void> {
        const ids = [...this.listeners.keys()];
        const records = await this.limited(database.read(ids));
        for (const hyperId of ids) this.deliver(hyperId, records.get(hyperId));
    }

    private async limited<T>(answer: Promise<T>): Promise<T> {
        const over = new AbortController();
        const late = this.world.clock.sleep(answersWithin, over.signal).then(() => {
            throw new Error(`no answer within ${answersWithin / 1000} s`);
        });
        late.catch(() => undefined);
        try {
            return await Promise.race([answer, late]);
        } finally {
            answer.catch(() => undefined);
            over.abort(new Error("it has answered"));
        }
    }

    private deliver(hyperId: string, record: Seen): void {
        for (const listener of this.listeners.get(hyperId) ?? []) listener.record(record);
    }

    private become(state: FeedState): void {
        this.present = state;
        for (const set of this.listeners.values()) for (const listener of set) listener.state(state);
    }
}
