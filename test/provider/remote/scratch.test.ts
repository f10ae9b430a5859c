import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { scratch } from "../../../provider/remote/scratch";

const root = resolve(__dirname, "../../..");

describe("a script's own folder", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "scratch-"))));
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const run = (body: string): ChildProcess & { stdout: NonNullable<ChildProcess["stdout"]> } =>
        spawn("/bin/sh", ["-c", `(\n${scratch}\n${body}\n)`], {
            env: { PATH: "/usr/bin:/bin", TMPDIR: folder },
            // the shell and the subshell of its script get the signal, as those of a lost session do
            detached: true,
            stdio: ["ignore", "pipe", "inherit"],
        });

    for (const [signal, ...codes] of [
        ["SIGTERM", 143],
        ["SIGINT", 130],
        ["SIGHUP", 129],
    ] as const)
        it(`goes with what is in it on ${signal}`, async () => {
            const child = run(`echo secret >"$t/log"; echo ready; while :; do sleep 0.1; done`);
            await once(child.stdout, "data");
            assert.equal(readdirSync(folder).length, 1);
            process.kill(-(child.pid ?? 0), signal);
            await once(child, "close");
            assert.deepEqual(readdirSync(folder), [], String(codes));
        });

    it("goes when whoever listened is gone", async () => {
        const go = join(folder, "go");
        const child = run(
            `echo ready; until [ -e '${go}' ]; do sleep 0.02; done; echo lost; while :; do sleep 0.1; done`,
        );
        await once(child.stdout, "data");
        child.stdout.destroy();
        writeFileSync(go, "");
        await once(child, "exit");
        assert.deepEqual(readdirSync(folder), ["go"]);
    });

    it("goes at the script's end and failure, and nobody else can read it", async () => {
        for (const end of ["exit 0", "exit 3", "set -e; false"]) {
            const child = run(`stat -c %a "$t"; ${end}`);
            const [mode] = (await once(child.stdout, "data")) as [Buffer];
            if (child.exitCode === null) await once(child, "close");
            assert.equal(String(mode).trim(), "700");
            assert.deepEqual(readdirSync(folder), []);
        }
    });

    it("is swept with those that a machine's end has left, and with nothing else", async () => {
        const old = new Date(Date.now() - 2 * 3_600_000);
        for (const name of ["pulumi-isardvdi.aaaaaa", "pulumi-isardvdi.bbbbbb", "somebody.else"]) {
            mkdirSync(join(folder, name));
            writeFileSync(join(folder, name, "log"), "x");
            if (name !== "pulumi-isardvdi.bbbbbb") utimesSync(join(folder, name), old, old);
        }
        await once(run("true"), "close");
        assert.deepEqual(readdirSync(folder).sort(), ["pulumi-isardvdi.bbbbbb", "somebody.else"]);
    });

    it("is what every script of the provider takes", () => {
        const files = readdirSync(join(root, "provider"), { recursive: true, encoding: "utf8" });
        const own = files.filter(
            (file) => file.endsWith(".ts") && /mktemp/.test(readFileSync(join(root, "provider", file), "utf8")),
        );
        // a job's folder lies in our own beside the isardvdi.cfg, and is swept by the next job
        assert.deepEqual(own.sort(), ["isardvdi-cfg/host/scripts.ts", "remote/scratch.ts"]);
    });
});
