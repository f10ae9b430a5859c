import { strict as assert } from "node:assert";
import { recordOf } from "../../../../provider/isardvdi/hypervisor-fields";
import { type Change, type Database, openDatabase } from "../../../../provider/isardvdi/watch/database";
import { connected } from "../../../../provider/isardvdi/watch/dial";
import { row } from "./row";
import { servers, type TestServer } from "./server";

const settings = { user: "admin", password: "", db: "isard", tls: false, caCert: undefined };
const { signal } = new AbortController();

for (const { name, isThere, start } of servers) {
    // loudly, so that nobody takes the stand-in for the real thing
    (isThere ? describe : describe.skip)(
        `watching ${name}${isThere ? "" : " (NOT INSTALLED: nothing was tested)"}`,
        () => {
            let server: TestServer;
            let database: Database;
            before(async function () {
                this.timeout(60_000);
                server = await start();
            });
            after(() => server.stop());
            beforeEach(async () => {
                const { host, port } = server;
                database = await openDatabase(
                    { ...settings, host, port },
                    (over) => connected(host, port, over),
                    signal,
                );
                await server.set("h1", row);
            });
            afterEach(async () => {
                database.close();
                await Promise.all(["h1", "h2"].map((id) => server.remove(id)));
            });
            const follow = async (): Promise<() => Promise<Change>> => {
                const changes = database.changes()[Symbol.asyncIterator]();
                const next = async (): Promise<Change> => (await changes.next()).value as Change;
                return next;
            };

            it("reads a row as the API's whole row would be read, without its keys", async () => {
                const found = (await database.read(["h1", "none"])).get("h1");
                assert.deepEqual(found, recordOf({ ...row, id: "h1" }));
                assert.ok(!JSON.stringify(found).includes("TOP-SECRET"));
            });

            it("begins with what is there, and then tells each change", async () => {
                const next = await follow();
                const first = await next();
                assert.deepEqual(first, { kind: "row", hyperId: "h1", record: recordOf({ ...row, id: "h1" }) });
                assert.deepEqual(await next(), { kind: "ready" });
                await server.set("h1", { status: "Error", detail: "Hypervisor not reachable" });
                const error = await next();
                assert.ok(error.kind === "row" && error.record?.detail === "Hypervisor not reachable");
                await server.set("h2", { ...row, hostname: "h2" });
                const second = await next();
                assert.ok(second.kind === "row" && second.hyperId === "h2" && second.record?.hostname === "h2");
                await server.remove("h2");
                assert.deepEqual(await next(), { kind: "row", hyperId: "h2", record: undefined });
            });

            it("is not woken by what the engine writes every ten seconds", async () => {
                const next = await follow();
                await next();
                await next();
                await server.set("h1", { stats: { time: 2 }, mountpoints: [{ mount: "/", usage: 3 }], info: { a: 1 } });
                await server.set("h1", {
                    cap_status: { hypervisor: true },
                    vpn: { wireguard: { keys: { public: "x" } } },
                });
                await server.set("h1", { status: "Online", status_time: 7 });
                const change = await next();
                assert.ok(change.kind === "row" && change.record?.status === "Online", JSON.stringify(change));
                assert.equal(change.record.statusTime, 7);
            });

            it("ends with an error when the connection ends", async () => {
                const next = await follow();
                await next();
                await next();
                const end = next();
                database.close();
                await assert.rejects(end);
            });
        },
    );
}
