import assert from "node:assert/strict";
import { serverConfig } from "../../provider/server-config";
import { someCfg } from "../isardvdi-checkout/checkout";
import { Program } from "../isardvdi-checkout/program";
import { needsLab } from "../lab/skip";
import { Server } from "./server";

describe("ServerConfig on a host with a Docker engine", function () {
    this.timeout(600_000);
    let server: Server;
    let program: Program;
    const inputs = (settings: Record<string, string>) => ({
        connection: { host: "server" },
        configPath: server.configPath,
        settings,
        recreate: ["isard-sessions"],
    });
    const expiration = () => server.environment("isard-sessions", "SESSIONS_EXPIRATION");
    before(needsLab);
    before(async () => {
        server = await Server.start();
    });
    after(async () => await server?.stop());
    beforeEach(async () => {
        await server.begin(someCfg);
        program = new Program(serverConfig, { server });
    });

    it("recreates only what it is told, sees drift, and leaves the file byte for byte as it was", async () => {
        const before = await server.containers();
        const wanted = inputs({ SESSIONS_EXPIRATION: "10m", REDIS_PASSWORD: "hunter-22 $x" });
        await program.up(wanted);
        assert.deepEqual(await server.recreated(before), ["isard-sessions"]);
        assert.equal(await expiration(), "10m");
        assert.equal(await server.environment("isard-sessions", "REDIS_PASSWORD"), "hunter-22 $x");
        await program.refresh();
        assert.equal(await program.up(wanted), "same");

        await server.sh("sed -i s/SESSIONS_EXPIRATION=10m/SESSIONS_EXPIRATION=1m/ isardvdi.cfg");
        assert.equal(((await program.refresh())?.["settings"] as Record<string, string>)["SESSIONS_EXPIRATION"], "1m");
        assert.equal(await program.up(wanted), "updated");

        // built and started by hand with another value, and the file put back
        const hand = "docker-compose -f docker-compose.yml up -d --no-deps isard-sessions";
        await server.sh(
            `cp isardvdi.cfg ../right; sed -i s/=10m/=2m/ isardvdi.cfg; ./build.sh; ${hand}; cp ../right isardvdi.cfg`,
        );
        assert.equal(await expiration(), "2m");
        assert.match(String((await program.refresh())?.["__amiss"]), /isard-sessions runs with another SESSIONS_EXPIR/);
        assert.equal(await program.up(wanted), "updated");
        assert.equal(await expiration(), "10m");

        await program.destroy();
        assert.equal(await server.cfg(), someCfg);
        assert.equal(await expiration(), undefined);
        assert.deepEqual(await server.recreated(before), ["isard-sessions"]);
        assert.equal(await server.sh("ls -A | grep -c pulumi || true"), "0\n");
    });

    it("has values baked in at the build: a restart alone takes nothing up, and a plain up recreates the hypervisor", async () => {
        const before = await server.containers();
        await server.write(`${someCfg}SESSIONS_EXPIRATION=10m\n`);
        await server.sh("./build.sh && docker restart isard-sessions");
        assert.equal(await expiration(), undefined);
        await server.sh("docker-compose -f docker-compose.yml up -d", 300_000);
        assert.equal(await expiration(), "10m");
        assert.ok((await server.recreated(before)).includes("isard-hypervisor"));
    });

    it("puts the file and its build back when the build fails, and quotes it without secrets", async () => {
        const before = await server.containers();
        await server.sh("echo 'cannot pull with hunter-22' >build.fails");
        await assert.rejects(
            program.up(inputs({ REDIS_PASSWORD: "hunter-22" })),
            /build\.sh failed; it said: .*\[secret\]/,
        );
        assert.equal(await server.cfg(), someCfg);
        assert.deepEqual(await server.recreated(before), []);
    });

    it("leaves a value that somebody else has changed, and says so", async () => {
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }));
        await server.sh("sed -i s/=10m/=7m/ isardvdi.cfg");
        await program.destroy();
        assert.equal(await server.cfg(), `${someCfg}SESSIONS_EXPIRATION=7m\n`);
        assert.match(program.said("warn").join(), /SESSIONS_EXPIRATION was changed by somebody else/);
    });

    for (const stage of ["building", "recreating", "watching"])
        it(`converges after a SIGKILL of the job while it is ${stage}, with no state kept`, async () => {
            const before = await server.containers();
            await server.sh("sed -i '2i until [ -e /run/go ]; do sleep 0.02; done' build.sh");
            // only the first stage is held, for the others last long enough
            await server.host.must(stage === "building" ? "rm -f /run/go" : ": >/run/go");
            const wanted = inputs({ SESSIONS_EXPIRATION: "10m" });
            const job = "/opt/isard/src/.pulumi-isardvdi/job.*";
            const killed = server.host.must(
                `until grep -qsx ${stage} ${job}/stage; do sleep 0.02; done; kill -9 -$(cat ${job}/pid); : >/run/go`,
                { timeoutMs: 120_000 },
            );
            await assert.rejects(program.up(wanted), /was cut off/);
            await killed;
            assert.match(await server.cfg(), /^API_HYPERVISORS_SECRET='s3cret\/of\+the=host'$/m);
            const next = new Program(serverConfig, { server });
            await next.up(wanted);
            assert.equal(await expiration(), "10m");
            assert.deepEqual(await server.recreated(before), ["isard-sessions"]);
            await next.destroy();
            assert.equal(await server.cfg(), someCfg);
        });
});
