import { strict as assert } from "node:assert";
import type { Connection } from "rethinkdb-ts";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { connect, type Query, r, refused } from "./driver";

interface Written {
    inserted: number;
    replaced: number;
    deleted: number;
    errors: number;
    first_error?: string;
    generated_keys?: string[];
    changes?: unknown[];
}
type Rows = { id?: string }[];

describe("the sandbox's database, asked by rethinkdb-ts", () => {
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
        sandbox.hypervisors.set("h1", { status: "Online", n: 1, vpn: { mode: "geneve", keys: { private: "k" } } });
        sandbox.hypervisors.set("h2", { status: "Offline", n: 2, tags: ["a"] });
        sandbox.hypervisors.set("h3", { status: "Error", n: 3, detail: null });
    });
    const ids = (rows: { id?: string }[]): unknown[] => rows.map(({ id }) => id).sort();

    it("knows the tables of a site", async () => {
        assert.deepEqual(await r.tableList().run(connection), ["config", "engine", "hypervisors", "interfaces"]);
        assert.equal((await r.table("config").get(1).run<{ id: number }>(connection))?.id, 1);
        assert.equal(await r.table("config").get("1").run(connection), null);
        assert.equal((await r.db("isard").table("engine").get("engine").run<{ id: string }>(connection))?.id, "engine");
        assert.ok((await connection.server()).id);
        await connection.noreplyWait();
    });

    it("reads single rows and many", async () => {
        assert.equal((await table.get("h1").run<{ status: string }>(connection)).status, "Online");
        assert.equal(await table.get("none").run(connection), null);
        assert.deepEqual(ids(await table.getAll("h1", "h3", "none").run<Rows>(connection)), ["h1", "h3"]);
        assert.equal((await table.run<Rows>(connection)).length, 3);
        assert.equal(await table.count().run(connection), 3);
        assert.deepEqual(
            (await table.orderBy(r.desc("n")).limit(2).run<Rows>(connection)).map(({ id }) => id),
            ["h3", "h2"],
        );
    });

    const found: [string, unknown, string[]][] = [
        ["an object", { status: "Error" }, ["h3"]],
        ["a part of an object", { vpn: { mode: "geneve" } }, ["h1"]],
        ["equality", (row: Query) => row("status").eq("Online"), ["h1"]],
        ["r.row", r.row("n").gt(1), ["h2", "h3"]],
        [
            "and, or, not",
            (row: Query) =>
                row("n")
                    .lt(3)
                    .and(row("status").ne("Online").or(r.expr(false))),
            ["h2"],
        ],
        ["negation", (row: Query) => row("n").ge(2).not(), ["h1"]],
        ["the presence of fields", (row: Query) => row.hasFields("tags"), ["h2"]],
        ["a field that only some have", (row: Query) => row("tags").contains("a"), ["h2"]],
        ["a default", (row: Query) => row("tags").default([]).count().eq(0), ["h1", "h3"]],
    ];
    for (const [what, predicate, expected] of found) {
        it(`filters by ${what}`, async () => {
            assert.deepEqual(ids(await table.filter(predicate).run<Rows>(connection)), expected);
        });
    }

    it("takes fields, and takes them away", async () => {
        assert.deepEqual(
            await table
                .get("h1")
                .pluck("id", { vpn: ["mode"] })
                .run(connection),
            {
                id: "h1",
                vpn: { mode: "geneve" },
            },
        );
        assert.deepEqual(
            await table
                .get("h1")
                .without({ vpn: { keys: true } })("vpn")
                .run(connection),
            {
                mode: "geneve",
            },
        );
        assert.deepEqual((await table("n").run<number[]>(connection)).sort(), [1, 2, 3]);
        assert.equal(await table.get("h1")("vpn")("mode").run(connection), "geneve");
        assert.deepEqual(
            await table
                .getAll("h1")
                .map((row: Query) => row.pluck("id").merge({ next: row("n").add(1) }))
                .run(connection),
            [{ id: "h1", next: 2 }],
        );
        assert.deepEqual(ids(await table.hasFields("detail").run<Rows>(connection)), []);
    });

    it("writes, and tells what it wrote", async () => {
        const counts = { deleted: 0, errors: 0, inserted: 0, replaced: 0, skipped: 0, unchanged: 0 };
        const update = (status: string) => table.get("h1").update({ status }).run(connection);
        assert.deepEqual(await update("Error"), { ...counts, replaced: 1 });
        assert.deepEqual(await update("Error"), { ...counts, unchanged: 1 });
        assert.equal(sandbox.hypervisors.get("h1")?.["status"], "Error");
        assert.deepEqual(await table.get("none").update({ n: 1 }).run(connection), { ...counts, skipped: 1 });
        assert.deepEqual(await table.update((row: Query) => ({ n: row("n").add(1) })).run(connection), {
            ...counts,
            replaced: 3,
        });
        assert.equal((await table.insert({ id: "h4" }).run<Written>(connection)).inserted, 1);
        const again = await table.insert({ id: "h4", n: 1 }).run<Written>(connection);
        assert.equal(again.errors, 1);
        assert.match(again.first_error ?? "", /^Duplicate primary key `id`:/);
        const merged = await table
            .insert({ id: "h4", n: 1 }, { conflict: "update", returnChanges: true })
            .run<Written>(connection);
        assert.deepEqual(merged.changes, [{ old_val: { id: "h4" }, new_val: { id: "h4", n: 1 } }]);
        assert.equal((await table.insert({ n: 9 }).run<Written>(connection)).generated_keys?.length, 1);
        assert.equal((await table.get("h4").replace({ id: "h4", m: 1 }).run<Written>(connection)).replaced, 1);
        assert.deepEqual(sandbox.hypervisors.get("h4"), { id: "h4", m: 1 });
        assert.equal((await table.filter({ m: 1 }).delete().run<Written>(connection)).deleted, 1);
        assert.equal(sandbox.hypervisors.get("h4"), undefined);
    });

    it("sends many rows in several batches", async () => {
        await table.insert(Array.from({ length: 450 }, (_, n) => ({ id: `many${n}`, many: true }))).run(connection);
        assert.equal((await table.filter({ many: true }).run<Rows>(connection)).length, 450);
    });

    const mistakes: [string, () => Promise<unknown>, string, RegExp][] = [
        [
            "another database",
            () => r.db("isrd").table("hypervisors").run(connection),
            "ReqlOpFailedError",
            /^Database `isrd` does not exist\.$/,
        ],
        [
            "another table",
            () => r.table("hyps").run(connection),
            "ReqlOpFailedError",
            /^Table `isard\.hyps` does not exist\.$/,
        ],
        [
            "a field that is not there",
            () => table.get("h1")("nope").run(connection),
            "ReqlNonExistanceError",
            /^No attribute `nope` in object:/,
        ],
        [
            "a field of nothing",
            () => table.get("none")("n").run(connection),
            "ReqlNonExistanceError",
            /^Cannot perform bracket on a non-object non-sequence `null`\.$/,
        ],
        [
            "an index that is not there",
            () => table.getAll("x", { index: "status" }).run(connection),
            "ReqlOpFailedError",
            /^Index `status` was not found on table `isard\.hypervisors`\.$/,
        ],
        [
            "a sum of unlike things",
            () => r.expr(1).add("a").run(connection),
            "ReqlLogicError",
            /^Expected type NUMBER but found STRING\.$/,
        ],
        ["an error of the user's own", () => r.error("mine").run(connection), "ReqlUserError", /^mine$/],
        [
            "an eager stream's changes",
            () => table.orderBy("n").changes().run(connection),
            "ReqlLogicError",
            /^Cannot call `changes` on an eager stream\.$/,
        ],
        [
            "a term that the sandbox lacks",
            () => r.expr("Online").match("On").run(connection),
            "ReqlUnknownError",
            /has no term 97: it knows /,
        ],
    ];
    for (const [what, query, name, message] of mistakes) {
        it(`refuses ${what} as the server does`, async () => {
            const error = await refused(query());
            assert.match(error.msg, message);
            assert.equal(error.name, name);
            assert.equal(await r.expr(1).run(connection), 1, "the connection goes on");
        });
    }

    it("marks the place of a mistake in the query", async () => {
        const { message } = await refused(
            table
                .get("h1")
                .update({ vpn: { mode: r.expr(1).add("x") } })
                .run(connection),
        );
        assert.match(message, /\^/);
    });
});
