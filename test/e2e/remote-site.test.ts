import { strict as assert } from "node:assert";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { html5, spice } from "../sandbox/viewers";
import { example } from "./harness/example";
import { Hosts } from "./harness/hosts";
import { Site } from "./harness/site";
import type { Stack } from "./harness/stack";

const greeting = "RFB 003.008\n";

describe("a central site and a remote one, each a stack of its own", function () {
    this.timeout(300_000);
    let site: Site;
    let hosts: Hosts;
    let stack: Stack;
    let untouched: string[];
    const traces = (): Promise<string[]> =>
        Promise.all([
            ...["h1", "h2", "server"].map((name) => hosts.traces(name)),
            hosts.on("server", "cat /opt/isard/src/isardvdi.cfg"),
        ]);
    const through = (name: string): Promise<string> => spice(site.sandbox.apiUrl, name, 5900);
    before(needsLab);
    before(async () => {
        site = await Site.start({ machines: true, packages: packages(), hosts: ["h1", "h2"] });
        hosts = new Hosts(site.sandbox);
        untouched = await traces();
        const { apiUrl, apiSecret } = site.sandbox;
        const connections = JSON.stringify(site.sandbox.connections());
        const config = { apiUrl, apiSecret, connections, apiGeneration: "v4", server: "server" };
        stack = await site.stack({ ...config, "e2e:serverAddresses": ["10.77.100.1"] });
        stack.add("remote", { ...config, "e2e:central": "organization/e2e/dev" });
    });
    after(async () => {
        await hosts?.close();
        await site?.stop();
    });
    const up = async (name: string, program: string): Promise<void> => {
        example(program, stack);
        const { finished } = stack.startUp("--stack", name);
        const { container } = site.sandbox.host(name === "dev" ? "h1" : "h2");
        if (!container.running) container.start({ FLAVOUR: "hypervisor-standalone" });
        const { code, output } = await finished;
        assert.equal(code, 0, output);
    };

    it("single-standalone: one host, Online, whose viewers come in through the server", async () => {
        await up("dev", "single-standalone");
        assert.equal(site.row("h1")?.["status"], "Online");
        assert.equal(await through("h1"), greeting);
        assert.equal(await html5(site.sandbox.apiUrl, "h1", 5900), greeting);
        assert.equal(await through("h2"), "403");
    });

    it("remote-site: another stack's host, let in by what the central one tells, beside its own in the list", async () => {
        await up("remote", "remote-site");
        assert.equal(site.row("h2")?.["status"], "Online");
        assert.deepEqual([await through("h1"), await through("h2")], [greeting, greeting]);
        assert.match(await hosts.on("h2", "iptables-save -t nat"), /-s 10\.77\.100\.1\/32 .*--dport 2022/);
        await stack.ok("preview", "--stack", "remote", "--expect-no-changes");
    });

    it("each is taken down without the other, the server last as it was", async () => {
        await stack.destroy("--stack", "dev");
        assert.equal(await through("h1"), "403");
        assert.equal(await through("h2"), greeting);
        await stack.destroy("--stack", "remote");
        assert.deepEqual(await traces(), untouched);
    });
});
