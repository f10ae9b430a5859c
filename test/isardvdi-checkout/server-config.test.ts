import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverConfig } from "../../provider/server-config";
import { Checkout, someCfg } from "./checkout";
import { Program } from "./program";

describe("ServerConfig", function () {
    this.timeout(60_000);
    let server: Checkout;
    let program: Program;
    const inputs = (settings: Record<string, string>, more = {}) => ({
        connection: { host: "server" },
        configPath: server.configPath,
        settings,
        recreate: ["isard-sessions"],
        ...more,
    });
    const own = (): string => join(server.folder, ".pulumi-isardvdi");
    const use = (each: Checkout): void => {
        server = each;
        program = new Program(serverConfig, { server });
    };
    beforeEach(() => use(new Checkout().start()));
    afterEach(() => server.remove());

    it("writes, builds and recreates only the services it is told", async () => {
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m", LOG_LEVEL: "DEBUG" }));
        assert.equal(server.cfg, `${someCfg.replace('"INFO"', "DEBUG")}SESSIONS_EXPIRATION=10m\n`);
        assert.deepEqual(server.events, ["recreate isard-sessions"]);
        assert.equal(server.running("isard-sessions", "SESSIONS_EXPIRATION"), "10m");
        assert.deepEqual(program.state?.["settings"], { SESSIONS_EXPIRATION: "10m", LOG_LEVEL: "DEBUG" });
        assert.equal(program.state?.["composeFile"], "docker-compose.yml");
    });

    it("does nothing the second time, and nothing after a refresh", async () => {
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }));
        const { builds } = server;
        assert.equal(await program.up(inputs({ SESSIONS_EXPIRATION: "10m" })), "same");
        await program.refresh();
        assert.equal(await program.up(inputs({ SESSIONS_EXPIRATION: "10m" })), "same");
        assert.equal(server.builds, builds);
    });

    it("keeps owner and mode, and leaves nothing that build.sh would take for a configuration", async () => {
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }));
        assert.equal(statSync(server.configPath).mode & 0o777, 0o640);
        assert.equal(statSync(join(own(), "isardvdi.cfg.json")).mode & 0o777, 0o600);
        assert.deepEqual(server.sh("ls isardvdi*.cfg").trim(), "isardvdi.cfg");
        const left = [".gitignore", "isardvdi.cfg.backup", "isardvdi.cfg.json", "lock"];
        assert.deepEqual(readdirSync(own()).sort(), left);
    });

    it("leaves the file as it was, byte for byte, and no folder", async () => {
        await program.up(inputs({ DOMAIN: "other.example.org", SESSIONS_EXPIRATION: "10m" }));
        await program.destroy();
        assert.equal(server.cfg, someCfg);
        assert.equal(existsSync(own()), false);
        assert.equal(server.running("isard-sessions", "SESSIONS_EXPIRATION"), undefined);
    });

    it("is handed over to one of its name that is made before it is deleted, as --target-replace does", async () => {
        await program.up(inputs({ DOMAIN: "other.example.org" }));
        const next = new Program(serverConfig, { server });
        await next.up(inputs({ DOMAIN: "other.example.org", SESSIONS_EXPIRATION: "10m" }));
        assert.notEqual(next.id, program.id);
        // as if its run had been killed before a state knew of it, and then as if not
        assert.equal(await program.up(inputs({ DOMAIN: "third.example.org" })), "updated");
        await next.up(inputs({ DOMAIN: "other.example.org", SESSIONS_EXPIRATION: "20m" }));
        const after = server.cfg;
        await program.destroy();
        assert.equal(server.cfg, after);
        assert.match(after, /^DOMAIN=other\.example\.org$/m);
        await next.refresh();
        assert.equal(await next.up(inputs({ DOMAIN: "other.example.org", SESSIONS_EXPIRATION: "20m" })), "same");
        await next.destroy();
        assert.equal(server.cfg, someCfg);
        assert.equal(existsSync(own()), false);
    });

    it("gives a key back that is taken out of the program", async () => {
        await program.up(inputs({ DOMAIN: "other.example.org", SESSIONS_EXPIRATION: "10m" }));
        assert.equal(await program.up(inputs({ SESSIONS_EXPIRATION: "10m" })), "updated");
        assert.equal(server.cfg, `${someCfg}SESSIONS_EXPIRATION=10m\n`);
    });

    it("leaves a value that somebody else has changed, and says so", async () => {
        await program.up(inputs({ DOMAIN: "other.example.org" }));
        server.cfg = server.cfg.replace("other.example.org", "third.example.org");
        await program.destroy();
        assert.match(server.cfg, /^DOMAIN=third\.example\.org$/m);
        assert.match(program.said("warn").join(), /DOMAIN was changed by somebody else/);
    });

    it("sees a changed file, a removed line and a container with other values", async () => {
        const wanted = inputs({ DOMAIN: "other.example.org", SESSIONS_EXPIRATION: "10m" });
        await program.up(wanted);
        server.cfg = server.cfg.replace("SESSIONS_EXPIRATION=10m", "SESSIONS_EXPIRATION=1m");
        await program.refresh();
        assert.deepEqual(program.state?.["settings"], { DOMAIN: "other.example.org", SESSIONS_EXPIRATION: "1m" });
        assert.equal(await program.up(wanted), "updated");

        server.cfg = server.cfg.replace("SESSIONS_EXPIRATION=10m\n", "");
        await program.refresh();
        assert.deepEqual(program.state?.["settings"], { DOMAIN: "other.example.org" });
        assert.equal(await program.up(wanted), "updated");

        // a hand that builds and starts another value, and then puts the file back
        const right = server.cfg;
        server.cfg = right.replace("10m", "2m");
        server.sh("./build.sh && docker compose -f docker-compose.yml up -d --no-deps isard-sessions");
        server.cfg = right;
        await program.refresh();
        assert.match(String(program.state?.["__amiss"]), /isard-sessions runs with another SESSIONS_EXPIRATION/);
        assert.equal(await program.up(wanted), "updated");
        assert.equal(server.running("isard-sessions", "SESSIONS_EXPIRATION"), "10m");
        assert.equal(await program.up(wanted), "same");
    });

    it("reads the rest where a container goes away between the list and the look at it", async () => {
        // the last of the list is among them
        const recreate = ["isard-sessions", "isard-websockify"];
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }, { recreate }));
        server.write("inspect.gone", "");
        await program.refresh();
        assert.deepEqual(program.state?.["settings"], { SESSIONS_EXPIRATION: "10m" });
    });

    it("puts file and build back when build.sh fails, and quotes it without secrets", async () => {
        server.write("src/build.fails", "cannot pull with s3cret/of+the=host and hunter-22");
        await assert.rejects(program.up(inputs({ REDIS_PASSWORD: "hunter-22" })), (error: Error) => {
            assert.match(
                error.message,
                /^Unable to change .*isardvdi\.cfg on root@server:22: build\.sh failed; it said: .*cannot pull with \[secret\] and \[secret\]/,
            );
            return !error.message.includes("\n");
        });
        assert.equal(server.cfg, someCfg);
        assert.deepEqual(server.events, []);
    });

    it("puts file, build and containers back when compose fails", async () => {
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }));
        const [before, events] = [server.cfg, server.events];
        server.write("up.fails", "no space for the image");
        await assert.rejects(
            program.up(inputs({ SESSIONS_EXPIRATION: "20m" })),
            /could not recreate.*no space for the image/,
        );
        rmSync(join(server.root, "up.fails"));
        assert.equal(server.cfg, before);
        assert.deepEqual(server.events, events);
        await program.refresh();
        assert.equal(await program.up(inputs({ SESSIONS_EXPIRATION: "20m" })), "updated");
        assert.equal(server.running("isard-sessions", "SESSIONS_EXPIRATION"), "20m");
    });

    it("only writes with apply false, and builds once it is true", async () => {
        const { builds } = server;
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }, { apply: false }));
        assert.match(server.cfg, /SESSIONS_EXPIRATION=10m/);
        assert.equal(server.builds, builds);
        await program.refresh();
        assert.equal(await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }, { apply: false })), "same");
        assert.equal(await program.up(inputs({ SESSIONS_EXPIRATION: "10m" })), "updated");
        assert.equal(server.running("isard-sessions", "SESSIONS_EXPIRATION"), "10m");
    });

    it("builds a server that was never started, and starts nothing", async () => {
        server.remove();
        use(new Checkout());
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }));
        assert.ok(existsSync(join(server.folder, "docker-compose.yml")));
        assert.deepEqual(server.events, []);
        assert.equal(await program.up(inputs({ SESSIONS_EXPIRATION: "10m" })), "same");
    });

    it("refuses a key that another stack owns", async () => {
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }));
        const other = new Program(serverConfig, { server }, "urn:pulumi:test::other::isardvdi::b");
        await assert.rejects(other.up(inputs({ SESSIONS_EXPIRATION: "20m" })), /owned by urn:pulumi:test::p/);
        await other.up(inputs({ LOG_LEVEL: "DEBUG" }));
        await program.destroy();
        await other.destroy();
        assert.equal(server.cfg, someCfg);
    });

    it("lets resources of one program and of several take turns", async () => {
        const others = ["b", "c", "d"].map((name) => new Program(serverConfig, { server }, `urn::${name}`));
        await Promise.all(others.map((each, i) => each.up(inputs({ [`KEY_${i}`]: "x" }))));
        for (const i of [0, 1, 2]) assert.match(server.cfg, new RegExp(`^KEY_${i}=x$`, "m"));
        await Promise.all(others.map((each) => each.destroy()));
        assert.equal(server.cfg, someCfg);
    });

    it("moves to another machine, and gives the first its own back", async () => {
        const second = new Checkout().start();
        try {
            Object.assign(program.servers, { second });
            await program.up(inputs({ DOMAIN: "other.example.org" }));
            const there = { ...inputs({ DOMAIN: "other.example.org" }), connection: { host: "second" } };
            // both machines have their checkout at one path in life; here each has its own
            const scripts = second.remote();
            Object.assign(second, {
                remote: () => ({
                    ...scripts,
                    run: (script: string, call: never, input?: string) =>
                        scripts.run(
                            script.replaceAll(server.root, second.root),
                            call,
                            input?.replaceAll(server.root, second.root),
                        ),
                }),
            });
            await program.up(there);
            assert.match(second.cfg, /^DOMAIN=other/m);
            assert.equal(server.cfg, someCfg);
        } finally {
            second.remove();
        }
    });

    const unusable: [string, () => void, RegExp][] = [
        ["that is not there", () => rmSync(server.configPath), /there is no such file/],
        ["that is something else", () => (server.cfg = "PATH=/bin\n"), /no isardvdi\.cfg/],
        ["without a build.sh", () => rmSync(join(server.folder, "build.sh")), /no build\.sh/],
        ["with an open quote", () => (server.cfg = `${someCfg}A='x\n`), /no end of a quote in line 10/],
        [
            "with Windows line ends",
            () => (server.cfg = someCfg.replace("#FLAVOUR", "FLAVOUR").replaceAll("\n", "\r\n")),
            /Windows line ends/,
        ],
    ];
    for (const [what, make, message] of unusable)
        it(`refuses a file ${what}, and writes nothing`, async () => {
            make();
            const before = existsSync(server.configPath) ? server.cfg : undefined;
            await assert.rejects(program.up(inputs({ A: "1" })), message);
            assert.equal(existsSync(server.configPath) ? server.cfg : undefined, before);
            assert.equal(existsSync(own()), false);
        });

    it("follows a link to the file, and keeps it", async () => {
        server.sh("mkdir ../etc && mv isardvdi.cfg ../etc/real.cfg && ln -s ../etc/real.cfg isardvdi.cfg");
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }));
        assert.match(server.sh("cat ../etc/real.cfg; readlink isardvdi.cfg"), /10m\n[^]*\.\.\/etc\/real\.cfg/);
        await program.destroy();
        assert.equal(server.sh("cat ../etc/real.cfg; ls -A ../etc"), `${someCfg}real.cfg\n`);
    });

    it("names the compose file after the file", async () => {
        server.remove();
        use(new Checkout(someCfg, "isardvdi.web.cfg"));
        await program.up(inputs({ A: "1" }));
        assert.ok(existsSync(join(server.folder, "docker-compose.web.yml")));
        assert.equal(program.state?.["composeFile"], "docker-compose.web.yml");
    });

    it("shows desired lines in preview, masks what is not public, and says what is there", async () => {
        const values = inputs({ DOMAIN: "other.example.org", REDIS_PASSWORD: "hunter-22" });
        const shown = await serverConfig.lifecycle.foresee?.(values, undefined, program.context);
        assert.deepEqual(shown, { lines: ["DOMAIN=other.example.org", "REDIS_PASSWORD=[secret]"] });
        assert.match(
            program.said("info").join("\n"),
            /has now: DOMAIN=isard\.example\.org\n.*has now: REDIS_PASSWORD absent/,
        );
        const away = { ...values, connection: { host: "nowhere" } };
        assert.deepEqual(await serverConfig.lifecycle.foresee?.(away, undefined, program.context), shown);
        assert.match(program.said("info").join(), /decided at apply/);
        assert.equal(server.cfg, someCfg);
    });

    it("says what it does while it does it", async () => {
        await program.up(inputs({ SESSIONS_EXPIRATION: "10m" }));
        assert.match(program.said("status").join("\n"), /recreating containers|watching whether/);
    });

    it("keeps what exists in the state when the run is cancelled", async () => {
        const go = join(server.root, "go");
        server.sh(`sed -i '2i until [ -e ${go} ]; do /bin/sleep 0.02; done' build.sh`);
        const running = program.up(inputs({ SESSIONS_EXPIRATION: "10m" }));
        const building = (): boolean => program.said("status").some((each) => each.startsWith("building"));
        for (let turn = 0; turn < 500 && !building(); turn += 1) await new Promise((again) => setTimeout(again, 20));
        program.world.abort();
        await assert.rejects(running, /cancelled/);
        assert.ok(program.state);
        writeFileSync(go, "");
        const next = new Program(serverConfig, { server });
        [next.id, next.state] = [program.id, program.state];
        assert.equal(await next.up(inputs({ SESSIONS_EXPIRATION: "10m" })), "updated");
        assert.equal(server.running("isard-sessions", "SESSIONS_EXPIRATION"), "10m");
        await next.destroy();
        assert.equal(server.cfg, someCfg);
    });
});
