import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { IsardvdiError } from "../../../provider/errors";
import { asking, closeAll, failureOf, remotesWith } from "./asking";
import { cutAfter } from "./proxy";
import { TestServer } from "./server";

describe("a lost connection", function () {
    this.timeout(120_000);
    let server: TestServer;
    let folder: string;
    let files = 0;
    before(async () => {
        server = await TestServer.start();
        folder = mkdtempSync(join(tmpdir(), "lost-"));
    });
    after(async () => {
        await server.stop();
        rmSync(folder, { recursive: true });
    });
    afterEach(closeAll);

    it("is dialled again for the next command", async () => {
        const remote = remotesWith().open(server.connection);
        await remote.run("true", asking());
        const { connections } = server;
        server.dropAll();
        await new Promise((resolve) => setTimeout(resolve, 50));
        const results = await Promise.all([1, 2, 3].map((each) => remote.run(`echo ${each}`, asking())));
        assert.deepEqual(
            results.map(({ stdout }) => stdout),
            ["1\n", "2\n", "3\n"],
        );
        assert.equal(server.connections - connections, 1);
    });

    it("leaves the outcome of what was under way unknown, and runs nothing twice; what queued goes on", async () => {
        const remote = remotesWith().open(server.connection);
        const file = join(folder, "under-way");
        const underWay = [1, 2, 3, 4].map((each) =>
            remote.run(`echo ${each} >>${file}; sleep 5`, asking()).catch((error: unknown) => error),
        );
        const queued = remote.run("echo queued", asking());
        for (let tries = 0; tries < 200; tries++) {
            if (existsSync(file) && readFileSync(file, "utf8").split("\n").length === 5) break;
            await new Promise((resolve) => setTimeout(resolve, 25));
        }
        server.dropAll();
        for (const error of await Promise.all(underWay)) {
            assert.ok(error instanceof IsardvdiError && error.retryable);
            assert.equal(error.code, "ssh-interrupted");
            assert.match(
                error.message,
                /connection was lost while the command ran, so its outcome is unknown\. Run it/,
            );
        }
        assert.equal((await queued).stdout, "queued\n");
        assert.equal(readFileSync(file, "utf8").split("\n").sort().join(""), "1234");
    });

    it("at any byte of it: the command ran once, or is reported, and the next one works", async () => {
        await fc.assert(
            fc.asyncProperty(
                fc.constantFrom("from host" as const, "to host" as const),
                fc.integer({ min: 0, max: 6000 }),
                async (direction, bytes) => {
                    const relay = await cutAfter(server.port, direction, bytes);
                    const remotes = remotesWith();
                    const remote = remotes.open({ ...server.connection, port: relay.port });
                    const file = join(folder, String((files += 1)));
                    const runs = (): number => (existsSync(file) ? readFileSync(file, "utf8").length : 0);
                    const outcome = await remote
                        .run(`printf x >>${file}; cat`, asking(), "y".repeat(2000))
                        .catch((error: unknown) => error);
                    if (outcome instanceof Error) {
                        assert.ok(outcome instanceof IsardvdiError, String(outcome.stack));
                        assert.equal(outcome.code, "ssh-interrupted");
                        assert.ok(runs() <= 1);
                    } else {
                        assert.deepEqual(outcome, { code: 0, stdout: "y".repeat(2000), stderr: "" });
                        assert.equal(runs(), 1);
                    }
                    // the cut may have hit this one
                    const next = remote.run("echo next", asking()).catch((error: unknown) => {
                        assert.ok(error instanceof IsardvdiError && error.code === "ssh-interrupted", String(error));
                        return remote.run("echo next", asking());
                    });
                    assert.equal((await next).stdout, "next\n");
                    await remotes.close();
                    await relay.close();
                },
            ),
            { numRuns: 60 },
        );
    });

    it("ends a stream", async () => {
        const forwarding = await TestServer.start({ forwards: true });
        const target = await TestServer.start();
        const stream = await remotesWith().open(forwarding.connection).connect("127.0.0.1", target.port, asking());
        const banner = await new Promise((resolve) => stream.once("data", (chunk) => resolve(String(chunk))));
        assert.match(String(banner), /^SSH-2\.0/);
        const closed = new Promise((resolve) => stream.once("close", resolve));
        stream.resume();
        forwarding.dropAll();
        await closed;
        await target.stop();
        await forwarding.stop();
    });

    it("cannot be opened through a host that refuses", async () => {
        const remote = remotesWith().open(server.connection);
        await failureOf(
            remote.connect("127.0.0.1", 1, asking()),
            "unreachable",
            /Unable to open a stream from root@127\.0\.0\.1:\d+ to 127\.0\.0\.1:1: nothing accepts connections there/,
        );
    });
});
