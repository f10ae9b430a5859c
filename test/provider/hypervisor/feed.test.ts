import { strict as assert } from "node:assert";
import { setMaxListeners } from "node:events";
import { awaitOnline } from "../../../provider/hypervisor/online";
import type { Source } from "../../../provider/hypervisor/watch";
import { systemClock } from "../../../provider/world";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox";
import { newProgress } from "./record";
import { testWorld } from "../../world/world";
import { fastClock, offline, online, type Site, siteOf, soon, stillClock } from "./feed-site";

describe("a wait by the change feed", () => {
    let sandbox: Sandbox;
    let world: ReturnType<typeof testWorld>;
    const begin = async (options: SandboxOptions = {}, clock = systemClock, ofWaits = clock): Promise<Site> => {
        sandbox = await startSandbox({ rethinkdbPort: 0, hosts: [], ...options });
        sandbox.engine.stop();
        world = testWorld(ofWaits);
        setMaxListeners(0, world.signal);
        return siteOf(sandbox, world.signal, { clock });
    };
    afterEach(async () => {
        world.abort();
        await sandbox.stop();
    });
    const wait = ({ api, feed }: Site, hyperId: string, source: Source = "changefeed") =>
        awaitOnline(
            {
                api,
                feed,
                source,
                hyperId,
                timeoutSeconds: 3600,
                mayVanish: false,
                progress: newProgress(),
                seen: () => undefined,
            },
            world,
        );
    const database = () => sandbox.rethinkdb ?? assert.fail("no database");
    const requests = () => sandbox.requests.filter(({ path }) => /hypervisor/.test(path)).length;

    for (const generation of ["v4", "v3"] as const) {
        it(`sees Online at once on ${generation}, and as the API would tell it`, async () => {
            const site = await begin({ generation }, systemClock, stillClock);
            let record = await seen("h1");
            for (const id of ["h2", "h3", "h4", "h5"]) record = await seen(id);
            async function seen(id: string) {
                offline(sandbox, id);
                const waiting = wait(site, id);
                await soon(() => database().feeds === 1);
                online(sandbox, id);
                return await waiting;
            }
            assert.equal(requests(), 0, "no look at the API, and none can have waited for its time");
            assert.deepEqual([record.status, record.statusTime, record.hostname], ["Online", 7, "h5"]);
            const told = (await site.api.find("h5", world)) ?? assert.fail("no record");
            const { tunnelStatus } = record.vpn ?? {};
            assert.equal(tunnelStatus, "connected");
            assert.deepEqual(
                record,
                // the site's own look at its peers may have told another one meanwhile
                { ...told, vpn: { ...told.vpn, tunnelStatus }, desktopsStarted: undefined, owner: undefined },
                "the API makes the same record of the same row",
            );
            await soon(() => database().connections === 0);
        });
    }

    it("of 200 hypervisors at once costs one connection and one feed", async () => {
        const site = await begin({}, systemClock, stillClock);
        const names = Array.from({ length: 200 }, (_, index) => `h${index + 1}`);
        names.forEach((name) => offline(sandbox, name));
        const waiting = Promise.all(names.map((name) => wait(site, name, "auto")));
        await soon(() => database().feeds === 1 && world.lines.length >= 200);
        const { accepted } = database();
        assert.equal(database().connections, 1);
        names.forEach((name) => online(sandbox, name));
        assert.equal((await waiting).filter(({ status }) => status === "Online").length, 200);
        assert.equal(database().accepted, accepted);
        assert.equal(requests(), 0);
    });

    it("begins with the present record when the feed is open already", async () => {
        const site = await begin();
        offline(sandbox, "h1");
        const first = wait(site, "h1");
        await soon(() => database().feeds === 1);
        online(sandbox, "h2");
        sandbox.hypervisors.set("h2", { enabled: true, capabilities: { hypervisor: true, disk_operations: true } });
        assert.equal((await wait(site, "h2")).status, "Online");
        online(sandbox, "h1");
        await first;
        assert.equal(database().accepted, 1);
    });

    it("misses no Online while its connection is cut again and again", async function () {
        this.timeout(60_000);
        const site = await begin();
        for (let round = 0; round < 20; round += 1) {
            const id = `h${round}`;
            offline(sandbox, id);
            const waiting = wait(site, id, "auto");
            await soon(() => database().connections > 0);
            // while it opens, while it is open, and around the very write
            if (round % 2) await soon(() => database().feeds === 1);
            database().drop();
            if (round % 3 === 0) await soon(() => database().connections > 0);
            online(sandbox, id);
            if (round % 3 !== 2) database().drop();
            assert.equal((await waiting).status, "Online");
        }
    });

    it("notices a database that has gone silent, asks the API, and goes back to the feed", async () => {
        const site = await begin({}, fastClock(20));
        offline(sandbox, "h1");
        const waiting = wait(site, "h1", "auto");
        await soon(() => database().feeds === 1);
        database().freeze();
        online(sandbox, "h1");
        assert.equal((await waiting).status, "Online");
        assert.ok(requests() > 0);
        assert.ok(
            world.lines.some(({ message }) =>
                /the change feed is lost \(no answer within 5 s\): asking the API/.test(message),
            ),
            world.lines.map(({ message }) => message).join("\n"),
        );
        database().thaw();
        offline(sandbox, "h2");
        const second = wait(site, "h2", "auto");
        await soon(() => database().feeds === 1);
        online(sandbox, "h2");
        assert.equal((await second).status, "Online");
    });

    it("survives a restart of the database", async () => {
        const site = await begin();
        offline(sandbox, "h1");
        const waiting = wait(site, "h1");
        await soon(() => database().feeds === 1);
        await database().close();
        await soon(() => world.lines.some(({ message }) => /the change feed is lost/.test(message)));
        await database().reopen();
        await soon(() => database().feeds === 1);
        online(sandbox, "h1");
        assert.equal((await waiting).status, "Online");
    });

    it("says each step once as it passes", async () => {
        const site = await begin();
        const waiting = wait(site, "h1");
        const said = (text: string) => soon(() => world.lines.some(({ message }) => message.includes(text)));
        await said("there is no record yet");
        offline(sandbox, "h1");
        sandbox.hypervisors.set("h1", {
            enabled: false,
            vpn: { tunnel_status: "disconnected", wireguard: { Address: null } },
        });
        for (const [step, label] of ["API registration", "VPN setup", "OVS setup"].entries()) {
            sandbox.hypervisors.set("h1", { boot_progress: { step: step + 1, total: 9, label } });
            await said(`boot step ${step + 1} of 9 (${label})`);
        }
        sandbox.hypervisors.set("h1", { vpn: { tunnel_status: "connected", wireguard: { Address: "10.1.0.7" } } });
        await said("VPN peer 10.1.0.7; tunnel connected");
        sandbox.hypervisors.set("h1", { boot_progress: { step: 9, total: 9, label: "Ready" }, enabled: true });
        await said("enabled");
        sandbox.hypervisors.delete("h1");
        await said("its record is gone");
        offline(sandbox, "h1");
        await said("it was registered anew");
        sandbox.hypervisors.set("h1", { status: "Error", detail: "Hypervisor not reachable" });
        await said('status is Error, "Hypervisor not reachable"');
        online(sandbox, "h1");
        await waiting;
        const steps = world.lines.map(({ message }) => message).filter((message) => /boot step/.test(message));
        assert.equal(new Set(steps).size, steps.length, steps.join("\n"));
    });
});
