import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, r } from "rethinkdb-ts";
import { startSandbox } from "../../../../sandbox";

type Row = Record<string, unknown>;

/** A database with IsardVDI's table of hypervisors, written by another connection than the provider's. */
export interface TestServer {
    host: string;
    port: number;
    set(id: string, row: Row): Promise<void>;
    remove(id: string): Promise<void>;
    stop(): Promise<void>;
}

export const servers: { name: string; isThere: boolean; start: () => Promise<TestServer> }[] = [
    { name: "the sandbox", isThere: true, start: sandboxServer },
    { name: "RethinkDB", isThere: spawnSync("rethinkdb", ["--version"]).status === 0, start: realServer },
];

async function sandboxServer(): Promise<TestServer> {
    const sandbox = await startSandbox({ rethinkdbPort: 0, hosts: [] });
    sandbox.engine.stop();
    const { host, port } = sandbox.rethinkdb ?? { host: "", port: 0 };
    const writer = await r.connect({ host, port, db: "isard", silent: true });
    return over(writer, { host, port }, () => sandbox.stop());
}

async function realServer(): Promise<TestServer> {
    const folder = mkdtempSync(join(tmpdir(), "rethinkdb-"));
    const [port, cluster] = await Promise.all([freePort(), freePort()]);
    const options = ["--no-http-admin", "--no-update-check", "--bind", "127.0.0.1"];
    const ports = ["--driver-port", String(port), "--cluster-port", String(cluster)];
    const child = spawn("rethinkdb", ["--directory", join(folder, "data"), ...options, ...ports], { stdio: "ignore" });
    const stop = async (): Promise<void> => {
        child.kill("SIGTERM");
        if (child.exitCode === null) await once(child, "exit");
        rmSync(folder, { recursive: true, force: true });
    };
    for (let turn = 0; turn < 100; turn += 1) {
        try {
            const writer = await r.connect({ host: "127.0.0.1", port, db: "isard", silent: true });
            await r.dbCreate("isard").run(writer);
            await r.db("isard").tableCreate("hypervisors").run(writer);
            return over(writer, { host: "127.0.0.1", port }, stop);
        } catch {
            await sleep(100);
        }
    }
    await stop();
    throw new Error("rethinkdb did not come up");
}

function over(writer: Connection, at: { host: string; port: number }, end: () => Promise<void>): TestServer {
    const table = r.table("hypervisors");
    return {
        ...at,
        async set(id, row) {
            await table.insert({ ...row, id }, { conflict: "update" }).run(writer);
        },
        async remove(id) {
            await table.get(id).delete().run(writer);
        },
        async stop() {
            await writer.close();
            await end();
        },
    };
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}
