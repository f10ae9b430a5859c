import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Site, type SiteArgs } from "../../sdk";
import { Engine, value } from "./engine";
import { addressesOf } from "../../sdk/site/server-addresses";

const engine = new Engine();
const v4 = {
    "isardvdi:apiUrl": "https://isard.example.org",
    "isardvdi:apiSecret": "secret",
    "isardvdi:apiGeneration": "v4",
    "isardvdi:connections": JSON.stringify({ server: { host: "192.0.2.1" }, h1: { host: "h1.example.org" } }),
};

describe("Site", () => {
    const compose = async (args: SiteArgs, config: Record<string, string> = v4): Promise<Site> => {
        engine.start(config);
        const site = new Site("bcn", args);
        await value(site.status);
        await value(site.opened);
        return site;
    };
    const refusal = (args: SiteArgs, config: Record<string, string> = v4): string => {
        engine.start(config);
        try {
            new Site("bcn", args);
        } catch (error) {
            assert.ok(pulumi.RunError.isInstance(error), String((error as Error).stack));
            return error.message;
        }
        throw new Error("the site was composed");
    };

    const both: SiteArgs = {
        server: { connection: { host: "192.0.2.1" } },
        hypervisors: {
            h1: { connection: "h1", flavour: "hypervisor-standalone", description: "the first" },
            h2: { connection: { host: "h2.example.org" }, storage: true, minFreeMemGb: 8 },
        },
    };

    it("makes what the two flavours need, and nothing else", async () => {
        const site = await compose(both);
        assert.deepEqual([...engine.made.keys()].sort(), [
            "bcn",
            "bcn-h1",
            "bcn-h1-tcp-2022",
            "bcn-h1-tcp-5900-7899",
            "bcn-h2",
            "bcn-h2-tcp-2022",
            "bcn-server-tcp-6379",
            "bcn-video",
        ]);
        assert.deepEqual(await value(site.status), { h1: "Online", h2: "Online" });
        assert.deepEqual(await value(site.addresses), { h1: "h1.example.org", h2: "h2.example.org" });
    });

    it("refuses a number of lanes that is none", () => {
        for (const maxUnavailable of [0, 1.5, -1])
            assert.match(
                refusal({ ...both, maxUnavailable }),
                new RegExp(`maxUnavailable is ${maxUnavailable}\\. Give 1`),
            );
    });

    it("registers nothing: each container does, and the record is made to match", async () => {
        await compose(both);
        const { registration, hyperId, hostname, description, flavour, vpnTunnelingMode } = engine.inputs("bcn-h1");
        assert.deepEqual(
            { registration, hyperId, hostname, description, flavour, vpnTunnelingMode },
            {
                registration: "self",
                hyperId: "h1",
                hostname: "h1.example.org",
                description: "the first",
                flavour: "hypervisor-standalone",
                vpnTunnelingMode: "wireguard+geneve",
            },
        );
        assert.equal(engine.inputs("bcn-h2")["minFreeMemGb"], 8);
    });

    it("lets only the server into the hosts, and everyone into the server where nothing else is said", async () => {
        const site = await compose(both);
        assert.deepEqual(engine.inputs("bcn-h2-tcp-2022")["sourceCidrs"], ["192.0.2.1"]);
        assert.deepEqual(engine.inputs("bcn-h1-tcp-5900-7899")["sourceCidrs"], ["192.0.2.1"]);
        assert.equal(engine.inputs("bcn-server-tcp-6379")["sourceCidrs"], undefined);
        const opened = await value(site.opened);
        assert.deepEqual(
            opened.map(({ on, port, sourceCidrs }) => [on, port, sourceCidrs]),
            [
                ["server", 6379, undefined],
                ["h1", 2022, ["192.0.2.1"]],
                ["h1", "5900-7899", ["192.0.2.1"]],
                ["h2", 2022, ["192.0.2.1"]],
            ],
        );
        for (const { why } of opened) assert.match(why, /\.$/);
    });

    it("narrows the server's forwards to the networks that are given", async () => {
        const site = await compose({ ...both, server: { connection: "server", sourceCidrs: ["198.51.100.0/24"] } });
        assert.deepEqual(engine.inputs("bcn-server-tcp-6379")["sourceCidrs"], ["198.51.100.0/24"]);
        const [first] = await value(site.opened);
        assert.deepEqual(first?.sourceCidrs, ["198.51.100.0/24"]);
    });

    it("lists just the standalone hosts for the video proxy, and none where there are none", async () => {
        await compose(both);
        assert.deepEqual(engine.inputs("bcn-video")["hypervisorHostnames"], ["h1.example.org"]);
        await compose({ ...both, hypervisors: { h2: { connection: { host: "h2" } } } });
        assert.ok(!engine.made.has("bcn-video"));
        await compose({ ...both, server: { connection: "server", videoProxy: false } });
        assert.ok(!engine.made.has("bcn-video"));
        await compose({
            ...both,
            server: { connection: "server", videoProxy: { mode: "additive", ports: "5900-6900" } },
        });
        const { mode, ports } = engine.inputs("bcn-video");
        assert.deepEqual({ mode, ports }, { mode: "additive", ports: "5900-6900" });
    });

    it("opens nothing where a part is left out, or what the program has in its place", async () => {
        const own = { protocol: "tcp", port: 2222, toAddress: "172.31.255.17", toPort: 2022, why: "Our own." } as const;
        await compose({
            server: { connection: "server", forwards: false },
            hypervisors: {
                h1: { connection: "h1", forwards: [own] },
                h2: { connection: { host: "h2" }, storage: true, forwards: false },
            },
        });
        assert.deepEqual([...engine.made.keys()].sort(), ["bcn", "bcn-h1", "bcn-h1-tcp-2222", "bcn-h2"]);
        assert.equal(engine.inputs("bcn-h1-tcp-2222")["toPort"], 2022);
    });

    it("opens the tunnel's port on the hosts of a geneve site, by the server's own port", async () => {
        await compose({
            vpnTunnelingMode: "geneve",
            server: { connection: "server", wireguardPort: 4444 },
            hypervisors: { h1: { connection: "h1" } },
        });
        assert.ok(engine.made.has("bcn-h1-udp-4444"));
        assert.equal(engine.inputs("bcn-h1")["vpnTunnelingMode"], "geneve");
        assert.ok(!engine.made.has("bcn-tunnelling"), "the switch was not asked for");
    });

    it("writes GENEVE_ONLY_INFRA only where the switch is asked for", async () => {
        await compose({ ...both, vpnTunnelingMode: "geneve", switchTunnelling: true });
        const { settings, recreate } = engine.inputs("bcn-tunnelling");
        // settings may hold secrets, and are wrapped as one
        assert.deepEqual((settings as { value: unknown }).value, { GENEVE_ONLY_INFRA: "true" });
        assert.deepEqual(recreate, ["isard-api", "isard-apiv4", "isard-vpn"]);
    });

    it("takes release, names and settings from a named site", async () => {
        const sites = { north: { apiUrl: "https://n.example.org", apiSecret: "s", apiGeneration: "v3" } };
        await compose({ ...both, site: "north" }, { ...v4, "isardvdi:sites": JSON.stringify(sites) });
        assert.equal(engine.inputs("bcn-h1")["site"], "north");
        assert.equal(engine.inputs("bcn-h1-tcp-2022")["site"], "north");
    });

    it("takes the manual's table where the program says so", async () => {
        await compose({ ...both, release: "manual" });
        assert.equal(engine.inputs("bcn-h1-tcp-2022")["toPort"], 22);
        assert.ok(engine.made.has("bcn-server-udp-4443"));
    });

    describe("refuses, before anything is made", () => {
        const one = (args: SiteArgs, config?: Record<string, string>): string => {
            const message = refusal(args, config);
            assert.match(message, /^Unable to compose site "bcn": [^\n]+\.$/);
            return message;
        };
        const two = { a: { connection: { host: "a" } }, b: { connection: { host: "b" } } };

        it("a site whose release nothing tells", () => {
            const { "isardvdi:apiGeneration": _, ...without } = v4;
            assert.match(one({ hypervisors: two }, without), /Set isardvdi:apiGeneration to v3 .* or v4/);
        });
        it("two hypervisors with one id", () =>
            assert.match(
                one({ hypervisors: { ...two, A: { connection: { host: "c" } } } }),
                /a and A are one hyperId/,
            ));
        it("two hypervisors with one address", () => {
            const hypervisors = { a: { ...two.a, hostname: "h" }, b: { ...two.b, hostname: "H" } };
            assert.match(one({ hypervisors }), /a and b have one hostname/);
        });
        it("two hypervisors on one machine", () => {
            const hypervisors = { a: { ...two.a, hostname: "x" }, b: { ...two.a, hostname: "y" } };
            assert.match(refusal({ hypervisors }), /a and b have one connection/);
        });
        it("mixed tunnelling modes", () => {
            const hypervisors = { ...two, b: { ...two.b, vpnTunnelingMode: "geneve" as const } };
            const message = one({ hypervisors, vpnTunnelingMode: "wireguard+geneve" });
            assert.match(message, /vpnTunnelingMode of the site is "wireguard\+geneve", b "geneve"/);
        });
        it("a standalone hypervisor without a server", () => {
            const hypervisors = { a: { ...two.a, flavour: "hypervisor-standalone" as const } };
            assert.match(one({ hypervisors }), /a of flavour hypervisor-standalone need the server's video proxy/);
        });
        it("forwards that collide", () => {
            const own = {
                protocol: "tcp",
                port: "2000-3000",
                toAddress: "10.0.0.1",
                toPort: "2000-3000",
                why: "",
            } as const;
            const server = { connection: { host: "a" }, forwards: [own] };
            assert.match(one({ server, hypervisors: two }), /tcp 2000-3000 to 10.0.0.1 of the server and tcp 2022/);
        });
        it("a connection that is not configured", () =>
            assert.match(one({ hypervisors: { a: { connection: "nowhere" } } }), /there is no connection "nowhere"/));

        it("all mistakes at once", () => {
            const hypervisors = {
                a: { connection: { host: "h" }, vpnTunnelingMode: "geneve" as const },
                b: { connection: { host: "h" }, flavour: "hypervisor-standalone" as const },
                A: { connection: "nowhere", vpnTunnelingMode: "wireguard+geneve" as const },
            };
            const [first, ...rest] = refusal({ hypervisors, switchTunnelling: true }).split("\n");
            assert.match(String(first), /^Unable to compose site "bcn": \d mistakes$/);
            for (const about of [
                /no connection/,
                /one tunnelling mode/,
                /hyperId/,
                /hostname/,
                /connection of its own/,
                /video proxy/,
                /switchTunnelling/,
            ])
                assert.equal(rest.filter((line) => about.test(line)).length, 1, `${about} in ${rest.join("\n")}`);
            assert.equal(engine.made.size, 0);
        });
    });

    for (const host of ["no-such-host.invalid", "localhost"])
        it(`asks for the server's addresses where ${host} tells none`, async () => {
            const found = addressesOf({ connection: { host } }, { of: () => host, machine: () => undefined });
            const { promise } = found as unknown as { promise: () => Promise<unknown> };
            await assert.rejects(promise.call(found), /Give server.addresses/);
        });
});
