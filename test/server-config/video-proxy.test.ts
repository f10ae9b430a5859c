import assert from "node:assert/strict";
import { videoProxyConfig } from "../../provider/video-proxy-config";
import { someCfg } from "../isardvdi-checkout/checkout";
import { Program } from "../isardvdi-checkout/program";
import { needsLab } from "../lab/skip";
import { Server } from "./server";

const web = someCfg.replace("#FLAVOUR=all-in-one", "FLAVOUR=web+storage+video");
const proxy = ["isard-squid", "isard-websockify"];

describe("VideoProxyConfig on a host with a Docker engine", function () {
    this.timeout(600_000);
    let server: Server;
    const stack = (name = "a"): Program => new Program(videoProxyConfig, { server }, `urn:pulumi:test::${name}`);
    const inputs = (hypervisorHostnames: string[], more = {}) => ({
        connection: { host: "server" },
        configPath: server.configPath,
        hypervisorHostnames,
        ...more,
    });
    before(needsLab);
    before(async () => {
        server = await Server.start();
    });
    after(async () => await server?.stop());

    it("lets through just the listed hosts and ports, and touches no container but squid and websockify", async () => {
        await server.begin(someCfg);
        const before = await server.containers();
        assert.equal(await server.squid(), "isard-hypervisor");
        const program = stack();
        await program.up(inputs(["h1.example.org"], { ports: "5900-6000" }));
        assert.deepEqual(await server.recreated(before), proxy);
        assert.equal(await server.squid(), "isard-hypervisor h1.example.org");
        const tried: [string, number, boolean][] = [
            ["h1.example.org", 5900, true],
            ["h1.example.org", 6000, true],
            ["isard-hypervisor", 5950, true],
            ["h1.example.org", 5899, false],
            ["h1.example.org", 6001, false],
            ["h2.example.org", 5900, false],
        ];
        for (const [name, port, expected] of tried)
            assert.equal(await server.allows(name, port), expected, `${name}:${port}`);
        await program.destroy();
        assert.equal(await server.cfg(), someCfg);
        assert.equal(await server.squid(), "isard-hypervisor");
        assert.deepEqual(await server.recreated(before), proxy);
    });

    it("refuses a name that the server does not resolve before anything is written; by hand it ends squid for all", async () => {
        await server.begin(
            web.replace("#VIDEO_HYPERVISOR_HOSTNAMES=isard-hypervisor", "VIDEO_HYPERVISOR_HOSTNAMES=h1.example.org"),
        );
        const [cfg, before] = [await server.cfg(), await server.containers()];
        const program = stack();
        await assert.rejects(
            program.up(inputs(["h1.example.org", "h9.example.org"])),
            /"h9\.example\.org" does not resolve/,
        );
        assert.equal(await server.cfg(), cfg);
        assert.deepEqual(await server.recreated(before), []);
        assert.equal(await server.squid(), "h1.example.org");
        await server.sh("sed -i s/=h1.example.org/=h1.example.org,h9.example.org/ isardvdi.cfg; ./build.sh");
        await server.sh("docker-compose -f docker-compose.yml up -d --no-deps isard-squid");
        assert.equal(await server.squid(), undefined);
    });

    it("puts everything back when squid does not stay up, and says what it said", async () => {
        await server.begin(someCfg);
        // the server itself knows the name, its containers do not
        await server.host.must("echo 192.0.2.9 h9.example.org >>/etc/hosts");
        await assert.rejects(
            stack().up(inputs(["h9.example.org"])),
            /isard-squid does not stay up with the new values; it said: .*Bad host\/IP: 'h9\.example\.org'/,
        );
        assert.equal(await server.cfg(), someCfg);
        assert.equal(await server.squid(), "isard-hypervisor");
    });

    it("holds what three stacks add, in an order of destroy that is not the one of up", async () => {
        await server.begin(web);
        const [a, b, c] = [stack("a"), stack("b"), stack("c")];
        await a.up(inputs(["h1.example.org"], { mode: "additive" }));
        await b.up(inputs(["h2.example.org"], { mode: "additive" }));
        await c.up(inputs(["h1.example.org", "h3.example.org"], { mode: "additive" }));
        assert.equal(await server.squid(), "h1.example.org h2.example.org h3.example.org");
        await a.destroy();
        assert.equal(await server.squid(), "h1.example.org h2.example.org h3.example.org");
        await c.destroy();
        assert.equal(await server.squid(), "h2.example.org");
        await b.destroy();
        assert.equal(await server.cfg(), web);
    });
});
