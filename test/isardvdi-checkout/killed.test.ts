import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { serverConfig } from "../../provider/server-config";
import { Checkout, someCfg } from "./checkout";
import { Program } from "./program";

/** More commands than a job has; the test ends with the first number that a job does not reach. */
const most = 30;

describe("a job that is killed after any command that changes something", function () {
    this.timeout(600_000);
    let server: Checkout;
    beforeEach(() => (server = new Checkout().start()));
    afterEach(() => server.remove());

    const inputs = (minutes: number) => ({
        connection: { host: "server" },
        configPath: server.configPath,
        settings: { DOMAIN: "other.example.org", SESSIONS_EXPIRATION: `${minutes}m` },
        recreate: ["isard-sessions"],
    });
    const running = () => server.running("isard-sessions", "SESSIONS_EXPIRATION");
    const clean = (): void => {
        assert.equal(server.cfg, someCfg);
        assert.equal(running(), undefined);
        assert.equal(server.sh("ls -A | grep pulumi || true"), "");
    };

    it("leaves a whole file, and the next up goes on from there, with and without a state", async () => {
        const program = new Program(serverConfig, { server });
        for (let step = 1, before = someCfg; step < most; step += 1) {
            server.killAfter(step);
            const end = await program.up(inputs(step)).then(
                () => "done",
                (error: Error) => error.message,
            );
            const after = `${someCfg.replace("isard.example.org", "other.example.org")}SESSIONS_EXPIRATION=${step}m\n`;
            assert.ok([before, after].includes(server.cfg), `after step ${step} the file is ${server.cfg}`);
            if (!server.killed) {
                assert.ok(step > 7, `only ${step} commands were counted`);
                server.killAfter(0);
                await program.destroy();
                return clean();
            }
            assert.match(end, /cut off/);
            // the provider may have been killed as well
            if (step % 2 === 0) program.forget();
            await program.up(inputs(step));
            assert.equal(server.cfg, after);
            assert.equal(running(), `${step}m`);
            assert.equal(await program.up(inputs(step)), "same", `after step ${step}`);
            before = after;
        }
        assert.fail("no end was reached");
    });

    for (const step of [1, 3, 5, 7])
        it(`can be taken up by the next destroy, after step ${step}`, async () => {
            const program = new Program(serverConfig, { server });
            await program.up(inputs(1));
            server.killAfter(step);
            await assert.rejects(program.destroy(), /cut off/);
            await program.destroy();
            assert.deepEqual(program.said("warn"), []);
            clean();
        });

    it("does not stand in the way of a run that finds only its traces", async () => {
        const program = new Program(serverConfig, { server });
        server.killAfter(3);
        await assert.rejects(program.up(inputs(1)), /cut off/);
        assert.ok(existsSync(join(server.folder, ".pulumi-isardvdi")));
        const settings = { LOG_LEVEL: "DEBUG" };
        await new Program(serverConfig, { server }, "urn::other").up({ ...inputs(1), settings });
        assert.match(server.cfg, /LOG_LEVEL=DEBUG/);
    });
});
