import { strict as assert } from "node:assert";
import { readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awaitOnline } from "../../../provider/hypervisor/online";
import type { Source } from "../../../provider/hypervisor/watch";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { until } from "../../contract/harness/hypervisor";
import { systemClock } from "../../../provider/world";
import { newProgress } from "./record";
import { testWorld } from "../../world/world";
import { closedPort, offline, online, serverTo, type Site, siteOf } from "./feed-site";

describe("a change feed that cannot be had", () => {
    let sandbox: Sandbox;
    let world: ReturnType<typeof testWorld>;
    before(async () => {
        sandbox = await startSandbox({
            rethinkdbPort: 0,
            hosts: [],
            rethinkdbUsers: { nobody: { password: "pass-word", read: false } },
        });
        sandbox.engine.stop();
    });
    after(() => sandbox.stop());
    beforeEach(() => {
        world = testWorld(systemClock);
        offline(sandbox, "h1");
    });
    afterEach(() => world.abort());
    const wait = ({ api, feed }: Site, source: Source) =>
        awaitOnline(
            {
                api,
                feed,
                source,
                hyperId: "h1",
                timeoutSeconds: 60,
                mayVanish: false,
                progress: newProgress(),
                seen: () => undefined,
            },
            world,
        );
    const at = (more: object) => ({ host: "127.0.0.1", port: sandbox.rethinkdb?.port, ...more });

    const refusals: [string, () => Promise<object>, string, RegExp][] = [
        [
            "a database that nobody serves",
            async () => at({ port: await closedPort() }),
            "unreachable",
            /Unable to follow the database at 127\.0\.0\.1:\d+: connect ECONNREFUSED .*\. Check host and port in isardvdi:rethinkdb, .*$/,
        ],
        [
            "a wrong password",
            async () => at({ user: "nobody", password: "hunter2" }),
            "unauthorized",
            /: Wrong password\. Correct user and password in isardvdi:rethinkdb\.$/,
        ],
        ["an unknown user", async () => at({ user: "who" }), "unauthorized", /: Unknown user\. Correct user/],
        [
            "a wrong database name",
            async () => at({ db: "isrd" }),
            "not-found",
            /: Database `isrd` does not exist\. Correct db in isardvdi:rethinkdb \(IsardVDI's own is "isard"\)\.$/,
        ],
        [
            "a user without the right to read",
            async () => at({ user: "nobody", password: "pass-word" }),
            "forbidden",
            /: User `nobody` does not have the required `read` permission\. Grant the user/,
        ],
        [
            "TLS where there is none",
            async () => at({ tls: true }),
            "tls",
            /Correct tls and caCert in isardvdi:rethinkdb\.$/,
        ],
    ];
    for (const [what, database, code, message] of refusals) {
        describe(`for ${what}`, () => {
            let site: Site;
            beforeEach(async () => {
                site = await siteOf(sandbox, world.signal, { config: { "isardvdi:rethinkdb": await database() } });
            });
            it("ends the wait where the feed is demanded", async () => {
                await assert.rejects(wait(site, "changefeed"), (error: Error & { code?: string }) => {
                    assert.equal(error.code, code, error.message);
                    assert.match(error.message, message);
                    assert.ok(!/hunter2|pass-word|\n/.test(error.message), error.message);
                    return true;
                });
            });
            it("is warned of once, and the API is asked instead", async () => {
                const waiting = Promise.all([wait(site, "auto"), wait(site, "auto")]);
                await until(() => world.lines.some(({ message: line }) => /status is Offline/.test(line)));
                online(sandbox, "h1");
                assert.equal((await waiting)[0].status, "Online");
                const warnings = world.lines.filter(({ level }) => level === "warn");
                assert.equal(warnings.length, 1);
                assert.match(
                    warnings[0]?.message ?? "",
                    /^The change feed cannot be used, the API is asked instead\. Unable/,
                );
                assert.match(warnings[0]?.message ?? "", message);
            });
        });
    }

    it("ends the wait at once where the feed is demanded and nothing says where the database is", async () => {
        const { api } = await siteOf(sandbox, world.signal);
        await assert.rejects(wait({ api, feed: undefined }, "changefeed"), {
            code: "bad-configuration",
            message: /neither isardvdi:rethinkdb nor isardvdi:server is set\. Set one of them, or let source be "auto"/,
        });
    });

    describe("directly, but from the site's server", () => {
        const sockets = () => readdirSync(tmpdir()).filter((name) => name.startsWith("isardvdi-"));

        it("is followed through the server, by a socket that only we could open and that is gone at once", async () => {
            const server = serverTo(sandbox.rethinkdb?.port ?? 0);
            const before = sockets();
            let mode: number | undefined;
            const spied = {
                ...server,
                async connect(...args: Parameters<typeof server.connect>) {
                    const stream = await server.connect(...args);
                    setImmediate(() => {
                        const [fresh] = sockets().filter((name) => !before.includes(name));
                        if (fresh) mode = statSync(join(tmpdir(), fresh)).mode & 0o777;
                    });
                    return stream;
                },
            };
            const config = { "isardvdi:rethinkdb": undefined, "isardvdi:server": { host: "isard.example.org" } };
            const site = await siteOf(sandbox, world.signal, { config, remote: spied });
            const waiting = wait(site, "changefeed");
            await until(() => sandbox.rethinkdb?.feeds === 1);
            assert.deepEqual(server.dialled, ["172.31.255.13:28015"]);
            assert.equal(mode, 0o700);
            assert.deepEqual(sockets(), before, "the folder is gone while the feed runs");
            online(sandbox, "h1");
            assert.equal((await waiting).status, "Online");
            await until(() => sandbox.rethinkdb?.connections === 0);
        });

        it("is followed through the server where the named host does not answer from here", async () => {
            const server = serverTo(sandbox.rethinkdb?.port ?? 0);
            const port = await closedPort();
            const config = {
                "isardvdi:rethinkdb": { host: "127.0.0.1", port },
                "isardvdi:server": { host: "isard.example.org" },
            };
            const site = await siteOf(sandbox, world.signal, { config, remote: server });
            const waiting = wait(site, "changefeed");
            await until(() => sandbox.rethinkdb?.feeds === 1);
            assert.deepEqual(server.dialled, [`127.0.0.1:${port}`]);
            sandbox.rethinkdb?.drop();
            await until(() => server.dialled.length === 2 && sandbox.rethinkdb?.feeds === 1);
            online(sandbox, "h1");
            assert.equal((await waiting).status, "Online");
        });

        it("names the server when it cannot reach the database either", async () => {
            const server = serverTo(await closedPort());
            const config = { "isardvdi:rethinkdb": undefined, "isardvdi:server": { host: "isard.example.org" } };
            const site = await siteOf(sandbox, world.signal, { config, remote: server });
            await assert.rejects(wait(site, "changefeed"), {
                message:
                    /the database at 172\.31\.255\.13:28015 through root@isard\.example\.org:22: connect ECONNREFUSED/,
            });
        });
    });

    it("never happens over TLS with the right authority, by the name in the certificate", async () => {
        const secure = await startSandbox({
            rethinkdbPort: 0,
            hosts: [],
            rethinkdbTls: true,
            certificateNames: ["127.0.0.1"],
            rethinkdbUsers: { admin: { password: "pass-word" } },
        });
        try {
            secure.engine.stop();
            offline(secure, "h1");
            const { host, port } = secure.rethinkdb ?? {};
            const tls = { host, port, tls: true, password: "pass-word" };
            const trusting = { "isardvdi:rethinkdb": { ...tls, caCert: secure.caCert } };
            const waiting = wait(await siteOf(secure, world.signal, { config: trusting }), "changefeed");
            await until(() => secure.rethinkdb?.feeds === 1);
            online(secure, "h1");
            assert.equal((await waiting).status, "Online");
            const blind = await siteOf(secure, world.signal, { config: { "isardvdi:rethinkdb": tls } });
            await assert.rejects(wait(blind, "changefeed"), { code: "tls", message: /self-signed certificate/ });
        } finally {
            await secure.stop();
        }
    });
});
