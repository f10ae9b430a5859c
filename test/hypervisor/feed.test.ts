import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Change } from "../../provider/isardvdi/watch/database";
import { routesTo } from "../../provider/isardvdi/watch/routes";
import { openRemotes, type Remotes } from "../../provider/remote";
import { startSandbox, type Sandbox } from "../../sandbox";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";

/** Ports on which this very process listens, from the kernel's tables. */
function listening(): string[] {
    const own = new Set(
        readdirSync("/proc/self/fd").flatMap((fd) => {
            try {
                return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? [];
            } catch {
                return [];
            }
        }),
    );
    return ["tcp", "tcp6"].flatMap((kind) =>
        readFileSync(`/proc/self/net/${kind}`, "utf8")
            .split("\n")
            .map((line) => line.trim().split(/\s+/))
            .filter(([, , , state, , , , , , inode]) => state === "0A" && own.has(inode ?? ""))
            .map(([, address]) => address ?? ""),
    );
}

const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("isardvdi-"));

describe("the change feed through a site's server", function () {
    this.timeout(60_000);
    let sandbox: Sandbox;
    let remotes: Remotes;
    before(needsLab);
    before(async () => {
        sandbox = await startSandbox({
            generation: "v4",
            machines: true,
            packages: packages(),
            hosts: ["h1"],
            rethinkdbPort: 0,
        });
        remotes = openRemotes();
    });
    after(async () => {
        await remotes?.close();
        await sandbox?.stop();
    });

    it("comes over OpenSSH and a unix socket that is gone once it is used, and opens no port here", async () => {
        const { server } = sandbox.connections();
        assert.ok(server);
        const [before, left] = [listening(), folders()];
        const settings = { host: undefined, port: 28015, user: "admin", password: "", db: "isard", tls: false };
        const [route] = routesTo({ ...settings, caCert: undefined }, remotes.open(server));
        assert.ok(route);
        const database = await route(AbortSignal.timeout(30_000));
        try {
            const changes = database.changes()[Symbol.asyncIterator]();
            const next = async (): Promise<Change> => (await changes.next()).value as Change;
            assert.deepEqual(await next(), { kind: "ready" });
            sandbox.hypervisors.set("h1", { hostname: "h1", port: "2022", status: "Offline", enabled: true });
            const change = await next();
            assert.ok(change.kind === "row" && change.record?.status === "Offline", JSON.stringify(change));
            assert.deepEqual(listening(), before);
            // others' tests may make such folders as well, so only ones that we could have made count
            const mine = folders().filter((name) => !left.includes(name) && statSync(join(tmpdir(), name)).uid === 0);
            assert.deepEqual(
                mine.filter((name) => readdirSync(join(tmpdir(), name)).includes("rethinkdb")),
                [],
            );
        } finally {
            database.close();
        }
    });
});
