import { strict as assert } from "node:assert";
import { appendFileSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { spice } from "../sandbox/viewers";
import { example } from "./harness/example";
import { Hosts } from "./harness/hosts";
import { Site, until } from "./harness/site";
import type { Stack } from "./harness/stack";

const greeting = "RFB 003.008\n";
const ids = ["h1", "h2", "h3"];
const installed: Record<string, Record<string, string>> = Object.fromEntries(
    ids.map((id) => [
        id,
        {
            ...{ hostname: id, connection: id, kvmModule: "intel", installed: "1" },
            ...(id === "h2" && { flavour: "hypervisor-standalone" }),
        },
    ]),
);

describe("examples/rebuild", function () {
    this.timeout(300_000);
    let site: Site;
    let hosts: Hosts;
    let stack: Stack;
    let spare: string;
    before(needsLab);
    before(async () => {
        site = await Site.start({ machines: true, packages: packages(), hosts: [...ids, "h4"] });
        hosts = new Hosts(site.sandbox);
        spare = await hosts.traces("h2");
        const connections = JSON.stringify(site.sandbox.connections());
        stack = await site.stack({ connections, apiGeneration: "v4", server: "server", "e2e:release": "v17.17.6" });
        example("rebuild", stack, {
            'server: { connection: "server" }': 'server: { connection: "server", addresses: ["10.77.100.1"] }',
        });
        const project = readFileSync(resolve(__dirname, "../../examples/rebuild/Pulumi.yaml"), "utf8");
        assert.match(project, /^options:\n( .*\n)* {2}refresh: always$/m);
        appendFileSync(join(stack.project, "Pulumi.yaml"), "options: {refresh: always}\n");
        install({});
    });
    after(async () => {
        await hosts?.close();
        await site?.stop();
    });
    /** The hosts as the configuration has them, some of it changed. */
    const install = (changed: Record<string, Record<string, string>>): void => {
        for (const [id, values] of Object.entries(changed)) installed[id] = { ...installed[id], ...values };
        stack.configure({ "e2e:hosts": installed });
    };
    const registered = (): string[] =>
        site.sandbox.requests
            .filter(({ method, path }) => method === "POST" && path.endsWith("/hypervisor"))
            .map(({ body }) => String((body as { hyper_id: string }).hyper_id));
    const online = (): string[] =>
        ids.filter((id) => site.row(id)?.["status"] === "Online" && site.row(id)?.["enabled"]);
    /** The most that were away at once while something ran, by each change of a record. */
    const away = async (run: Promise<unknown>): Promise<number> => {
        let most = 0;
        const stop = site.sandbox.hypervisors.onChange(() => (most = Math.max(most, ids.length - online().length)));
        await run.finally(stop);
        return most;
    };

    it("rolls another release over the hypervisors: one away at once, its desktops drained first", async () => {
        await stack.deploy();
        assert.deepEqual(online(), ids);
        assert.equal(await spice(site.sandbox.apiUrl, "h2", 5900), greeting);
        assert.deepEqual(await away(stack.deploy("--expect-no-changes")), 0);

        site.sandbox.host("h2").desktops = 2;
        site.sandbox.clearRequests();
        stack.configure({ "e2e:release": "v17.18.0" });
        const { finished, events } = stack.startUp();
        const most = away(finished);
        await until(
            "h2 is drained",
            () => events.statusLines("::site-h2").some((line) => /2 desktops still/.test(line)),
            60_000,
        );
        assert.deepEqual(registered(), ["h1"], "h2 waits for its desktops, and h3 for h2");
        assert.equal(site.row("h2")?.["only_forced"], true);
        site.sandbox.host("h2").desktops = 0;
        const { code, output } = await finished;
        assert.equal(code, 0, output);
        assert.equal(await most, 1);
        assert.deepEqual(registered(), ids);
        assert.deepEqual([online(), site.row("h2")?.["only_forced"]], [ids, false]);
    });

    it("takes in a host that was installed anew: new machine id, new keys, no rule of before", async () => {
        await hosts.on(
            "h2",
            `iptables -t nat -F; iptables -t nat -X; iptables -F DOCKER-USER; iptables -A DOCKER-USER -j RETURN; iptables -F ISARDVDI-FWD; iptables -X ISARDVDI-FWD
            rm -rf /var/lib/pulumi-isardvdi; tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id`,
        );
        site.sandbox.host("h2").rotateHostKey();
        site.sandbox.host("h2").revokeEngineKey();
        await until("h2 is away", () => !online().includes("h2"));
        site.sandbox.clearRequests();
        install({ h2: { installed: "2" } });
        await stack.deploy();
        assert.deepEqual([registered(), online()], [["h2"], ids]);
        assert.equal(await spice(site.sandbox.apiUrl, "h2", 5900), greeting);
    });

    it("follows one that has moved to another address: rules, record and video list; the old machine is clean", async () => {
        site.sandbox.clearRequests();
        install({ h2: { hostname: "h4", connection: "h4" } });
        await stack.deploy();
        assert.equal(site.row("h2")?.["hostname"], "h4");
        assert.deepEqual([registered(), online()], [["h2"], ids]);
        assert.equal(await spice(site.sandbox.apiUrl, "h4", 5900), greeting);
        assert.notEqual(await spice(site.sandbox.apiUrl, "h2", 5900), greeting);
        const rules = (text: string): string =>
            text
                .split("\n")
                .filter((line) => line.startsWith("-A "))
                .join("\n");
        assert.doesNotMatch(rules(await hosts.traces("h2")), /ISARDVDI/);
        assert.match(rules(spare), /DOCKER/);
        await stack.deploy("--expect-no-changes");
    });
});
