import { strict as assert } from "node:assert";
import type { Connection, RCursor } from "rethinkdb-ts";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { connect, type Query, r } from "./driver";

interface Change {
    new_val?: { id: string; status?: string } | null;
    old_val?: { id: string; status?: string } | null;
    state?: string;
    type?: string;
}

describe("the sandbox's change feeds, followed by rethinkdb-ts", () => {
    let sandbox: Sandbox;
    let connection: Connection;
    const table = r.table("hypervisors");
    before(async () => {
        sandbox = await startSandbox({ rethinkdbPort: 0, hosts: [] });
        sandbox.engine.stop();
        connection = await connect(sandbox.rethinkdb);
    });
    after(async () => {
        await connection.close();
        await sandbox.stop();
    });
    beforeEach(() => {
        sandbox.hypervisors.all().forEach(({ id }) => sandbox.hypervisors.delete(String(id)));
        sandbox.hypervisors.set("h1", { status: "Offline", n: 1 });
    });
    const feed = async (query: Query): Promise<RCursor<Change>> => query.run<RCursor<Change>>(connection);
    const take = async (cursor: RCursor<Change>, count: number): Promise<Change[]> => {
        const taken: Change[] = [];
        while (taken.length < count) taken.push(await cursor.next());
        return taken;
    };

    it("answer at once although nothing has changed, and tell what changes then", async () => {
        const cursor = await feed(table.changes());
        assert.equal(cursor.getType(), "Feed");
        const [first] = [take(cursor, 3)];
        sandbox.hypervisors.set("h1", { status: "Online" });
        sandbox.hypervisors.set("h2", { status: "Offline" });
        sandbox.hypervisors.delete("h2");
        assert.deepEqual(await first, [
            { old_val: { id: "h1", status: "Offline", n: 1 }, new_val: { id: "h1", status: "Online", n: 1 } },
            { old_val: null, new_val: { id: "h2", status: "Offline" } },
            { old_val: { id: "h2", status: "Offline" }, new_val: null },
        ]);
        await cursor.close();
    });

    it("begin with what is there, and with states and types where they are asked for", async () => {
        const cursor = await feed(
            table.pluck("id", "status").changes({ includeInitial: true, includeStates: true, includeTypes: true }),
        );
        assert.deepEqual(await take(cursor, 3), [
            { state: "initializing", type: "state" },
            { new_val: { id: "h1", status: "Offline" }, type: "initial" },
            { state: "ready", type: "state" },
        ]);
        sandbox.hypervisors.set("h1", { n: 2 });
        sandbox.hypervisors.set("h1", { status: "Online" });
        assert.deepEqual(
            await take(cursor, 1),
            [{ old_val: { id: "h1", status: "Offline" }, new_val: { id: "h1", status: "Online" }, type: "change" }],
            "what is not plucked wakes nobody",
        );
        await cursor.close();
    });

    it("follow one row, whether it is there or not", async () => {
        const cursor = await feed(table.get("h9").changes({ includeInitial: true }));
        assert.equal(cursor.getType(), "AtomFeed");
        assert.deepEqual(await take(cursor, 1), [{ new_val: null }]);
        sandbox.hypervisors.set("h1", { n: 3 });
        sandbox.hypervisors.set("h9", { status: "Offline" });
        assert.deepEqual(await take(cursor, 1), [{ old_val: null, new_val: { id: "h9", status: "Offline" } }]);
        await cursor.close();
    });

    it("follow a filter: a row that comes to fit is new, one that ceases to fit is gone", async () => {
        const cursor = await feed(table.filter({ status: "Online" }).changes());
        sandbox.hypervisors.set("h1", { status: "Online" });
        sandbox.hypervisors.set("h1", { status: "Error" });
        const changes = await take(cursor, 2);
        assert.deepEqual(
            changes.map(({ old_val, new_val }) => [old_val?.status, new_val?.status]),
            [
                [undefined, "Online"],
                ["Online", undefined],
            ],
        );
        await cursor.close();
    });

    it("squash what was not fetched yet", async () => {
        const cursor = await feed(table.getAll("h1").changes({ squash: true }));
        for (const status of ["Error", "Offline", "Online"]) sandbox.hypervisors.set("h1", { status });
        const [change] = await take(cursor, 1);
        assert.deepEqual([change?.old_val?.status, change?.new_val?.status], ["Offline", "Online"]);
        await cursor.close();
    });

    it("end when they are closed, and leave the connection usable", async () => {
        const cursor = await feed(table.changes());
        const next = cursor.next().then(
            () => "a change",
            () => "the end",
        );
        await cursor.close();
        assert.equal(await next, "the end");
        assert.equal(await r.expr(2).run(connection), 2);
        assert.equal(sandbox.rethinkdb?.feeds, 0);
    });

    it("run beside other queries of one connection", async () => {
        const cursors = await Promise.all([feed(table.changes()), feed(table.get("h1").changes())]);
        const changes = cursors.map((cursor) => take(cursor, 1));
        await table.get("h1").update({ n: 8 }).run(connection);
        assert.deepEqual(
            (await Promise.all(changes)).map(([change]) => (change?.new_val as { n?: number }).n),
            [8, 8],
        );
        await Promise.all(cursors.map((cursor) => cursor.close()));
    });
});
