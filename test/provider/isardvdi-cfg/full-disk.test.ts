import assert from "node:assert/strict";
import { execFileSync, type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { serverConfig } from "../../../provider/server-config";
import { Checkout, someCfg } from "../../isardvdi-checkout/checkout";
import { Program } from "../../isardvdi-checkout/program";

/** Mounts need a mount namespace of their own, and that needs root. */
const root = process.getuid?.() === 0;

describe("an isardvdi.cfg that cannot be written", function () {
    this.timeout(60_000);
    let server: Checkout;
    let holder: ChildProcess;
    let program: Program;

    before(function () {
        if (!root) this.skip();
    });
    beforeEach(async () => {
        server = new Checkout();
        // holds a private mount namespace open, in which the checkout lies on a disk of 512 kB
        const mounts = `set -e; cp -a ${server.folder} ${server.root}/copy
            mount -t tmpfs -o size=512k none ${server.folder}; cp -a ${server.root}/copy/. ${server.folder}; echo ready; exec sleep 600`;
        holder = spawn("unshare", ["-m", "--propagation", "private", "sh", "-c", mounts], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        assert.ok(holder.stdout);
        await once(holder.stdout, "data");
        server.inside(["nsenter", "-t", String(holder.pid), "-m"]);
        program = new Program(serverConfig, { server });
    });
    afterEach(() => {
        holder.kill("SIGKILL");
        server.remove();
    });

    const sh = (script: string): string =>
        execFileSync("nsenter", ["-t", String(holder.pid), "-m", "sh", "-c", `cd ${server.folder}; ${script}`], {
            encoding: "utf8",
        });
    const up = () =>
        program.up({
            connection: { host: "server" },
            configPath: server.configPath,
            settings: { A: "x".repeat(4000) },
        });

    it("because the disk is full says so, and is whole", async () => {
        sh("cat /dev/zero > filler 2>/dev/null || true; truncate -s -40k filler");
        await assert.rejects(up(), (error: Error) => {
            assert.match(error.message, /^Unable to change .*: .*No space left on device/);
            return !error.message.includes("\n");
        });
        assert.equal(sh("cat isardvdi.cfg"), someCfg);
        sh("rm filler");
        assert.equal(await up(), "created");
        assert.match(sh("cat isardvdi.cfg"), /^A=x{4000}$/m);
    });

    it("because the disk has not even room for a start says so", async () => {
        sh("cat /dev/zero > filler 2>/dev/null || true");
        await assert.rejects(up(), /No space left on device/);
        assert.equal(sh("cat isardvdi.cfg"), someCfg);
        sh("rm filler");
        assert.equal(await up(), "created");
    });

    it("because the file system is read-only says so", async () => {
        sh(`mount -o remount,ro ${server.folder}`);
        await assert.rejects(up(), /Read-only file system/);
        assert.equal(sh("cat isardvdi.cfg; ls -A"), `${someCfg}build.sh\nisardvdi.cfg\n`);
    });
});
