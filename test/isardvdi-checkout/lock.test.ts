import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverConfig } from "../../provider/server-config";
import { Checkout, someCfg } from "./checkout";
import { Program } from "./program";

describe("the lock of a checkout", function () {
    this.timeout(120_000);
    let server: Checkout;
    let holder: ChildProcess | undefined;
    beforeEach(() => (server = new Checkout()));
    afterEach(() => {
        holder?.kill("SIGKILL");
        server.remove();
    });

    const own = () => join(server.folder, ".pulumi-isardvdi");
    const inputs = () => ({
        connection: { host: "server" },
        configPath: server.configPath,
        settings: { LOG_LEVEL: "DEBUG" },
        apply: false,
    });
    const up = () => new Program(serverConfig, { server }).up(inputs());

    /** As any account can that may read the checkout. */
    async function hold(folder: string): Promise<ChildProcess> {
        const child = spawn("sh", ["-c", `exec 9<"${folder}"; flock 9; echo held; exec sleep 600`], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        await once(child.stdout, "data");
        return child;
    }

    it("is none that an account without rights can hold", async () => {
        holder = await hold(server.folder);
        await up();
        assert.match(server.cfg, /LOG_LEVEL=DEBUG/);
        assert.equal(statSync(own()).mode & 0o077, 0, "nobody else can open what lies in our folder");
    });

    it("waits for a job of 0.1.0, which holds the checkout itself", async () => {
        holder = await hold(server.folder);
        mkdirSync(join(own(), "job.0.1.0"), { recursive: true });
        writeFileSync(join(own(), "job.0.1.0", "run"), 'job=$1\nexec 9< "$folder"\nflock -w 900 9\n');
        writeFileSync(join(own(), "job.0.1.0", "pid"), String(holder.pid));
        const program = new Program(serverConfig, { server });
        let isOver = false;
        const ending = program.up(inputs()).finally(() => (isOver = true));
        const said = () => program.said("status").some((line) => /waiting for another change/.test(line));
        while (!said()) await new Promise((resolve) => setTimeout(resolve, 20));
        assert.deepEqual([isOver, server.cfg], [false, someCfg]);
        holder.kill("SIGKILL");
        await ending;
        assert.match(server.cfg, /LOG_LEVEL=DEBUG/);
    });
});
