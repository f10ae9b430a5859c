import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Compiled, as users run it. */
const CLI = resolve(__dirname, "../../dist/sandbox/cli.js");

function run(...options: string[]): ChildProcess {
    return spawn(process.execPath, [CLI, ...options], { stdio: "pipe" });
}

describe("sandbox command line", () => {
    it("tells how to reach it once it listens, and ends cleanly", async () => {
        const folder = mkdtempSync(join(tmpdir(), "sandbox-cli-"));
        const ready = join(folder, "ready.json");
        const child = run(
            ...["--port", "0", "--generation", "v3", "--control-port", "0", "--rethinkdb-port", "0"],
            ...["--ready-file", ready],
        );
        try {
            while (!existsSync(ready) && child.exitCode === null) await sleep(20);
            assert.equal(statSync(ready).mode & 0o777, 0o600);
            const told = JSON.parse(readFileSync(ready, "utf8")) as Record<string, string>;
            assert.deepEqual([told.apiSecretKid, told.generation, told.pid], ["isardvdi", "v3", child.pid]);
            assert.equal((await fetch(`${told.apiUrl}/api/v3`)).status, 200);
            assert.equal((await fetch(told.controlUrl ?? "")).status, 200);
            const { host, port } = told.rethinkdb as unknown as { host: string; port: number };
            const database = connect({ host, port });
            await once(database, "connect");
            database.destroy();
            const exit = once(child, "exit");
            child.kill("SIGTERM");
            assert.deepEqual((await exit)[0], 0);
            assert.ok(!existsSync(ready));
        } finally {
            child.kill("SIGKILL");
            rmSync(folder, { recursive: true });
        }
    });

    for (const [option, value, wanted] of [
        ["--generation", "v5", /--generation must be v4 or v3, not "v5"/],
        ["--port", "70000", /--port must be a port from 0 to 65535, not "70000"/],
        ["--time-scale", "0", /--time-scale must be a number above 0, not "0"/],
    ] as const) {
        it(`names an option that does not fit: ${option} ${value}`, async () => {
            const child = run(option, value);
            let told = "";
            child.stderr?.on("data", (part: Buffer) => (told += part.toString()));
            assert.deepEqual((await once(child, "close"))[0], 1);
            assert.match(told, wanted);
        });
    }
});
