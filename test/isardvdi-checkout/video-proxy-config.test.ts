import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { videoProxyConfig } from "../../provider/video-proxy-config";
import { Checkout, someCfg } from "./checkout";
import { Program } from "./program";

const web = someCfg.replace("#FLAVOUR=all-in-one", "FLAVOUR=web+storage+video");

describe("VideoProxyConfig", function () {
    this.timeout(60_000);
    let server: Checkout;
    let program: Program;
    const inputs = (hypervisorHostnames: string[], more = {}) => ({
        connection: { host: "server" },
        configPath: server.configPath,
        hypervisorHostnames,
        ...more,
    });
    const line = (key: string): string | undefined =>
        new RegExp(`^VIDEO_HYPERVISOR_${key}=(.*)$`, "m").exec(server.cfg)?.[1];
    const squid = (key = "HOSTNAMES") => server.running("isard-squid", `VIDEO_HYPERVISOR_${key}`);
    const use = (cfg: string): void => {
        server?.remove();
        server = new Checkout(cfg).start();
        program = new Program(videoProxyConfig, { server });
    };
    beforeEach(() => use(someCfg));
    after(() => server.remove());

    it("writes the list, recreates squid and websockify alone, and keeps the local hypervisor", async () => {
        await program.up(inputs(["h1.example.org", "h2.example.org"]));
        const list = "isard-hypervisor,h1.example.org,h2.example.org";
        assert.equal(line("HOSTNAMES"), list);
        assert.equal(line("PORTS"), "5900-7899");
        assert.deepEqual(server.events.sort(), ["recreate isard-squid", "recreate isard-websockify"]);
        assert.equal(squid(), list);
        assert.equal(server.running("isard-websockify", "VIDEO_HYPERVISOR_HOSTNAMES"), list);
        assert.deepEqual(program.state?.["effectiveHostnames"], list.split(","));
        assert.deepEqual(program.state?.["runningHostnames"], list.split(","));
        assert.equal(program.state?.["effectivePorts"], "5900-7899");
        assert.equal(await program.up(inputs(["h2.example.org", "h1.example.org"])), "same");
        await program.destroy();
        assert.equal(server.cfg, someCfg);
        assert.equal(existsSync(join(server.folder, ".pulumi-isardvdi")), false);
    });

    it("is handed over to one of its name that is made before it is deleted, additive or not", async () => {
        for (const mode of ["additive", "authoritative"]) {
            await program.up(inputs(["h1.example.org"], { mode }));
            const next = new Program(videoProxyConfig, { server });
            await next.up(inputs(["h1.example.org", "h2.example.org"], { mode }));
            await program.destroy();
            assert.match(line("HOSTNAMES") ?? "", /h1\.example\.org,h2\.example\.org$/);
            await next.destroy();
            assert.equal(server.cfg, someCfg);
        }
    });

    it("takes networks and ranges, which squid reads and nobody resolves", async () => {
        const entries = ["10.0.0.0/24", "10.1.0.0/255.255.0.0", "10.2.0.1-10.2.0.9"];
        await program.up(inputs([...entries, "h1.example.org"]));
        assert.equal(line("HOSTNAMES"), ["isard-hypervisor", ...entries, "h1.example.org"].join(","));
        assert.equal(await program.up(inputs([...entries, "h1.example.org"])), "same");
        await program.destroy();
        assert.equal(server.cfg, someCfg);
    });

    it("leaves isard-hypervisor out where there is no such container, even one that stood there", async () => {
        use(web.replace("#VIDEO_HYPERVISOR_HOSTNAMES", "VIDEO_HYPERVISOR_HOSTNAMES"));
        await program.up(inputs(["h1.example.org"]));
        assert.equal(squid(), "h1.example.org");
        await assert.rejects(program.up(inputs(["h1.example.org", "isard-hypervisor"])), /no such container/);
        assert.equal(squid(), "h1.example.org");
    });

    it("refuses a name that does not resolve on the server before anything is written", async () => {
        await assert.rejects(
            program.up(inputs(["h1.example.org", "h9.example.org"])),
            /"h9\.example\.org" does not resolve/,
        );
        assert.equal(server.cfg, someCfg);
        assert.deepEqual(server.events, []);
        assert.equal(server.builds, 1);
    });

    it("puts everything back when squid does not stay up, and says what it said", async () => {
        await program.up(inputs(["h1.example.org"]));
        const before = server.cfg;
        // the server resolves it, but the container does not
        server.sh(
            "printf '#!/bin/sh\nexit 0\n' > ../bin/getent.new && chmod +x ../bin/getent.new && mv ../bin/getent.new ../bin/getent",
        );
        await assert.rejects(
            program.up(inputs(["h1.example.org", "h9.example.org"])),
            /isard-squid does not stay up with the new values; it said: .*Bad host\/IP: 'h9\.example\.org'/,
        );
        assert.equal(server.cfg, before);
        assert.equal(squid(), "isard-hypervisor,h1.example.org");
    });

    it("does not take a stopped local hypervisor for one that resolves", async () => {
        server.sh("docker stop isard-hypervisor");
        await assert.rejects(program.up(inputs(["h1.example.org"])), /isard-hypervisor does not run/);
        assert.equal(server.cfg, someCfg);
    });

    it("sees what somebody adds, what runs otherwise, and a squid that has ended", async () => {
        const wanted = inputs(["h1.example.org"]);
        await program.up(wanted);
        server.cfg = server.cfg.replace("h1.example.org\n", "h1.example.org,h2.example.org\n");
        await program.refresh();
        assert.deepEqual(program.state?.["hypervisorHostnames"], ["h1.example.org", "h2.example.org"]);
        assert.equal(await program.up(wanted), "updated");

        server.cfg = server.cfg.replace("isard-hypervisor,h1", "h1");
        await program.refresh();
        assert.equal(await program.up(wanted), "updated");
        assert.equal(line("HOSTNAMES"), "isard-hypervisor,h1.example.org");

        // restart alone takes nothing up that was built meanwhile
        const right = server.cfg;
        server.cfg = right.replace("h1.example.org", "h2.example.org");
        server.sh("./build.sh && docker restart isard-squid");
        assert.equal(squid(), "isard-hypervisor,h1.example.org");
        server.sh("docker compose -f docker-compose.yml up -d --no-deps isard-squid");
        server.cfg = right;
        await program.refresh();
        assert.deepEqual(program.state?.["runningHostnames"], ["isard-hypervisor", "h2.example.org"]);
        assert.equal(await program.up(wanted), "updated");
        assert.equal(squid(), "isard-hypervisor,h1.example.org");

        server.sh("docker stop isard-squid");
        await program.refresh();
        assert.deepEqual(program.state?.["__amiss"], ["isard-squid does not run"]);
        assert.equal(await program.up(wanted), "updated");
        assert.equal(squid(), "isard-hypervisor,h1.example.org");
        assert.ok(!server.events.some((event) => /recreate (isard-hypervisor|isard-vpn|isard-portal)/.test(event)));
    });

    it("would have killed the desktops with a plain up -d, as the stand-in shows", async () => {
        await program.up(inputs(["h1.example.org"]));
        server.sh("docker compose -f docker-compose.yml up -d");
        assert.ok(server.events.includes("recreate isard-hypervisor"));
    });

    it("leaves the containers alone at a destroy after which squid would end", async () => {
        use(web);
        const cfg = `${web}VIDEO_HYPERVISOR_HOSTNAMES=h1.example.org\n`;
        use(cfg);
        await program.up(inputs(["h2.example.org"]));
        server.resolves("h2.example.org");
        await program.destroy();
        assert.equal(server.cfg, cfg);
        assert.equal(squid(), "h2.example.org");
        assert.match(program.said("warn").join(), /h1\.example\.org does not resolve/);
    });

    it("refuses to own a list that others add to, and the other way round", async () => {
        const other = new Program(videoProxyConfig, { server }, "urn::other");
        await program.up(inputs(["h1.example.org"], { mode: "additive" }));
        await assert.rejects(other.up(inputs(["h2.example.org"])), /owned by urn:pulumi:test::p/);
        await program.up(inputs(["h1.example.org"], { mode: "authoritative" }));
        await assert.rejects(other.up(inputs(["h2.example.org"], { mode: "additive" })), /owned by urn:pulumi:test::p/);
        await program.up(inputs(["h1.example.org"], { mode: "additive" }));
        await program.destroy();
        assert.equal(server.cfg, someCfg);
    });

    it("holds what three stacks add at once, and is as it was when the last one has gone", async () => {
        const cfg = someCfg.replace(
            "#VIDEO_HYPERVISOR_HOSTNAMES=isard",
            "VIDEO_HYPERVISOR_HOSTNAMES=h3.example.org,isard",
        );
        use(cfg);
        const stacks = ["a", "b", "c"].map((name) => new Program(videoProxyConfig, { server }, `urn::${name}`));
        const names = ["h1.example.org", "h2.example.org", "h1.example.org"];
        await Promise.all(stacks.map((each, i) => each.up(inputs([names[i] ?? ""], { mode: "additive" }))));
        const list = "isard-hypervisor,h3.example.org,h1.example.org,h2.example.org";
        assert.equal(line("HOSTNAMES"), list);
        assert.equal(squid(), list);
        for (const each of stacks) assert.equal((await each.refresh())?.["__amiss"], undefined);
        const [a, b, c] = stacks;
        await b?.destroy();
        await a?.destroy();
        // the third has it as well
        assert.equal(squid(), "isard-hypervisor,h3.example.org,h1.example.org");
        await c?.destroy();
        assert.equal(server.cfg, cfg);
        assert.equal(squid(), "h3.example.org,isard-hypervisor");
    });
});
