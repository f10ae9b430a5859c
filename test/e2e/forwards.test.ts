import { strict as assert } from "node:assert";
import { resolve } from "node:path";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { html5, spice } from "../sandbox/viewers";
import { Hosts } from "./harness/hosts";
import { example } from "./harness/example";
import { Site } from "./harness/site";
import type { Stack } from "./harness/stack";
import { once } from "./harness/text";

const CLI = resolve(__dirname, "../../dist/cli/main.js");
const forwards = ["h1-tcp-2022", "h2-tcp-2022", "h2-tcp-5900-7899"];

describe("the quickstart, whose hypervisors are reached through its forwards alone", function () {
    this.timeout(300_000);
    let site: Site;
    let hosts: Hosts;
    let stack: Stack;
    let untouched: string[];
    const traces = (): Promise<string[]> =>
        Promise.all([
            ...["h1", "h2"].map((name) => hosts.traces(name)),
            // the checkout without what a build makes, and everything else that runs
            hosts.on(
                "server",
                `cd /opt/isard/src; ls -A | grep -vx builds; cat isardvdi.cfg; stat -c '%a %U' isardvdi.cfg
                docker ps --format '{{.Names}} {{.ID}}' | grep -vE 'squid|websockify'`,
            ),
        ]);
    before(needsLab);
    before(async () => {
        site = await Site.start({ machines: true, packages: packages(), hosts: ["h1", "h2"] });
        hosts = new Hosts(site.sandbox);
        stack = await site.stack({ connections: JSON.stringify(site.sandbox.connections()) });
        untouched = await traces();
    });
    after(async () => {
        await hosts?.close();
        await site?.stop();
    });

    it("does not come Online with the forwards taken out, and says which one is missing", async () => {
        example("quickstart", stack, { "(connected ? forwards : [])": "forwards.slice(0, 0)" });
        const { code, output } = await stack.up();
        assert.notEqual(code, 0, output);
        for (const id of ["h1", "h2"])
            once(
                output,
                new RegExp(
                    `Unable to register hypervisor "${id}": the server got no SSH host key from the hostname and port. Check that the host forwards the port to its hypervisor container`,
                ),
            );
        for (const id of ["h1", "h2"]) assert.notEqual(site.row(id)?.["status"], "Online");
        assert.deepEqual((await traces()).slice(0, 2), untouched.slice(0, 2));
    });

    it("comes Online with them", async () => {
        example("quickstart", stack);
        assert.equal(await hosts.heard("h1"), "");
        await stack.deploy();
        for (const id of ["h1", "h2"]) assert.equal(site.row(id)?.["status"], "Online");
        assert.deepEqual(await Promise.all(["h1", "h2"].map((name) => hosts.heard(name))), ["SSH-", "SSH-"]);
        const made = stack.state("PortForward");
        assert.deepEqual(Object.keys(made).sort(), forwards);
        // by a packet from another machine, to the host's own address
        for (const { outputs } of Object.values(made))
            assert.match(String(outputs?.["verified"]), /^from the jump host root@127/);
        assert.ok(!JSON.stringify(stack.resources()).includes("PRIVATE KEY"), "a key is in the state");
    });

    it("lets viewers through the site to the standalone host alone, and to no port but the desktops'", async () => {
        const { apiUrl } = site.sandbox;
        assert.equal(await spice(apiUrl, "h2", 5900), "RFB 003.008\n");
        assert.equal(await html5(apiUrl, "h2", 5900), "RFB 003.008\n");
        assert.equal(await spice(apiUrl, "h1", 5900), "403");
        assert.equal(await html5(apiUrl, "h1", 5900), "refused");
        assert.equal(await html5(apiUrl, "h2", 2022), "refused");
    });

    it("is drawn from its state, with no secret in the picture", async () => {
        const { code, stdout, output } = await stack.program(process.execPath, CLI, "graph").finished;
        assert.equal(code, 0, output);
        const shown = [
            ">h1: Online",
            ">h2: Online",
            ">server server",
            ">host h2",
            "✓ tcp 5900-7899 → 172.31.255.17<",
            ">– h2<",
        ];
        for (const each of shown) assert.ok(stdout.includes(each), `${each} is missing:\n${stdout}`);
        assert.doesNotMatch(stdout, /PRIVATE|ssh-ed25519|127\.0\.0\.1/);
    });

    it("has nothing to do the second time", async () => {
        const { output } = await stack.deploy("--expect-no-changes");
        assert.match(output, /7 unchanged/);
    });

    it("finds by a refresh what somebody has changed in the list, and puts it right", async () => {
        const elsewhere = "sed -i s/HOSTNAMES=h2/HOSTNAMES=h1/ isardvdi.cfg && ./build.sh";
        const again = "docker compose up -d --no-deps isard-squid isard-websockify";
        await hosts.on("server", `cd /opt/isard/src && ${elsewhere} && ${again}`);
        assert.equal(await spice(site.sandbox.apiUrl, "h2", 5900), "403");
        const { output } = await stack.deploy("--refresh");
        assert.match(output, /1 updated/);
        assert.equal(await spice(site.sandbox.apiUrl, "h2", 5900), "RFB 003.008\n");
    });

    it("leaves the hosts and the server as they were", async () => {
        await stack.destroy();
        assert.deepEqual(await traces(), untouched);
        assert.equal(await hosts.heard("h1"), "");
    });
});
