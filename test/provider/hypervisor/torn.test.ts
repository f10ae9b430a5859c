import { strict as assert } from "node:assert";
import { setMaxListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { awaitOnline } from "../../../provider/hypervisor/online";
import type { HypervisorRecord, IsardApi } from "../../../provider/isardvdi/api";
import type { Change, Database } from "../../../provider/isardvdi/watch/database";
import { Feed } from "../../../provider/isardvdi/watch/feed";
import { systemClock } from "../../../provider/world";
import { Channel } from "../../../provider/wait/channel";
import { testWorld } from "../../world/world";
import { fastClock } from "./feed-site";
import { newProgress, record } from "./record";

/** A database without a network: its rows, and a way to cut every connection at any turn. */
class Rows {
    private readonly rows = new Map<string, HypervisorRecord>();
    private readonly open = new Set<Channel<Change>>();
    opened = 0;

    set(hyperId: string, change: Partial<HypervisorRecord>): void {
        const row = record({ hyperId, ...change });
        this.rows.set(hyperId, row);
        for (const feed of this.open) feed.push({ kind: "row", hyperId, record: row });
    }

    get isOpen(): boolean {
        return this.open.size > 0;
    }

    /** How many connections it struck. */
    cut(): number {
        const struck = this.open.size;
        for (const feed of this.open) feed.fail(new Error("the connection was cut"));
        this.open.clear();
        return struck;
    }

    async connect(): Promise<Database> {
        const feed = new Channel<Change>();
        this.open.add(feed);
        this.opened += 1;
        await turn();
        const { rows, open } = this;
        return {
            async *changes() {
                await turn();
                for (const [hyperId, row] of rows) feed.push({ kind: "row", hyperId, record: row });
                feed.push({ kind: "ready" });
                yield* feed;
            },
            async read(hyperIds) {
                await turn();
                if (!open.has(feed)) throw new Error("the connection was cut");
                return new Map(hyperIds.flatMap((id) => (rows.has(id) ? [[id, rows.get(id) ?? record()]] : [])));
            },
            close: () => (open.delete(feed), feed.fail(new Error("closed"))),
        };
    }
}

describe("a feed torn down a thousand times while rows change", () => {
    it("misses no Online, with nobody else to ask", async function () {
        this.timeout(60_000);
        const world = testWorld(systemClock);
        setMaxListeners(0, world.signal);
        const database = new Rows();
        const feed = new Feed({ clock: fastClock(1000), signal: world.signal, connect: () => database.connect() });
        const api = { find: () => new Promise(() => undefined), list: () => new Promise(() => undefined) };
        let torn = 0;
        for (let round = 0; torn < 1000; round += 1) {
            const id = `h${round}`;
            database.set(id, { status: "Offline", statusTime: undefined });
            const waiting = awaitOnline(
                {
                    api: api as unknown as IsardApi,
                    feed,
                    source: "auto",
                    hyperId: id,
                    timeoutSeconds: 30,
                    mayVanish: false,
                    progress: newProgress(),
                    seen: () => undefined,
                },
                world,
            );
            // every moment of a connection's life is struck in some round: while it opens, reads, or tells
            const cuts = 1 + (round % 4);
            for (let cut = 0; cut < cuts; cut += 1) {
                while (!database.isOpen) await turn();
                for (let turns = 0; turns < (round + 3 * cut) % 7; turns += 1) await turn();
                database.set(id, { status: "Error", detail: `change ${cut}` });
                torn += database.cut();
            }
            for (let turns = 0; turns < round % 5; turns += 1) await turn();
            if (round % 2) torn += database.cut();
            database.set(id, { status: "Online", statusTime: round + 1 });
            if (round % 3) torn += database.cut();
            const seen = await waiting;
            assert.deepEqual([seen.hyperId, seen.status, seen.statusTime], [id, "Online", round + 1]);
        }
        assert.ok(database.opened >= torn, `${database.opened} connections for ${torn} cuts`);
    });
});
