import { strict as assert } from "node:assert";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { example } from "./harness/example";
import { Hosts } from "./harness/hosts";
import { Site } from "./harness/site";
import type { Stack, StateResource } from "./harness/stack";

/** The server as its hosts see it, for the sandbox's own is reached over loopback. */
const serverAddress = "10.77.100.1";

describe("a Site of machines with the real CLI", function () {
    this.timeout(300_000);
    let site: Site;
    let hosts: Hosts;
    let stack: Stack;
    let untouched: string[];
    const machines = ["server", "h1", "h2"];
    const traces = (): Promise<string[]> => Promise.all(machines.map((name) => hosts.traces(name)));
    before(needsLab);
    before(async () => {
        site = await Site.start({ machines: true, packages: packages(), hosts: ["h1", "h2"], vpnMode: "geneve" });
        hosts = new Hosts(site.sandbox);
        stack = await site.stack({ connections: JSON.stringify(site.sandbox.connections()), apiGeneration: "v4" });
        untouched = await traces();
        example("geneve-datacenter", stack, {
            'connection: "server",': `connection: "server", addresses: ["${serverAddress}"],`,
        });
    });
    after(async () => {
        await hosts?.close();
        await site?.stop();
    });

    it("shows in preview what it opens, and changes nothing", async () => {
        const { stdout } = await stack.ok("preview", "--json");
        const { steps } = JSON.parse(stdout) as { steps: { newState: StateResource }[] };
        const rules = steps.flatMap(({ newState: { inputs } }) => (inputs?.["rules"] as string[] | undefined) ?? []);
        assert.ok(
            rules.some((rule) => rule.includes("6379") && rule.includes("10.0.0.0/8")),
            rules.join("\n"),
        );
        assert.ok(
            rules.some((rule) => rule.includes("2022") && rule.includes(serverAddress)),
            rules.join("\n"),
        );
        assert.deepEqual(await traces(), untouched);
    });

    it("comes Online by the hosts' own registration, through the forwards it has made", async () => {
        const { finished } = stack.startUp();
        for (const name of ["h1", "h2"]) site.sandbox.host(name).container.start();
        const { code, output } = await finished;
        assert.equal(code, 0, output);
        for (const id of ["h1", "h2"]) assert.equal(site.row(id)?.["status"], "Online");
        assert.deepEqual(stack.outputs()["status"], { h1: "Online", h2: "Online" });
        assert.equal(await hosts.heard("h1"), "SSH-");
    });

    it("opens each port before the hypervisor that needs it", () => {
        const before = (stack.state()["dc-h1"]?.dependencies ?? []).map((urn) => urn.split("::").at(-1)).sort();
        assert.deepEqual(before, ["dc-h1-tcp-2022", "dc-h1-udp-4443", "dc-server-tcp-6379"]);
    });

    it("has nothing to do the second time", async () => {
        await stack.deploy("--expect-no-changes");
    });

    it("mends a forward that somebody took away", async () => {
        await hosts.on("h1", "iptables -t nat -F PREROUTING");
        assert.equal(await hosts.heard("h1"), "");
        await stack.deploy("--refresh");
        assert.equal(await hosts.heard("h1"), "SSH-");
    });

    it("leaves every machine as it was", async () => {
        await stack.destroy();
        assert.deepEqual(await traces(), untouched);
        for (const id of ["h1", "h2"]) assert.equal(site.row(id), undefined);
    });
});
