import { strict as assert } from "node:assert";
import { copyFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { traces } from "../firewall/harness";
import type { LabHost } from "../lab/host";
import { Lab } from "../lab/lab";
import { needsLab } from "../lab/skip";
import { through } from "../port-forward/site";
import { Stack } from "./harness/stack";

const example = resolve(__dirname, "../../examples/forwards-only");

describe("examples/forwards-only with the real CLI against a real host", function () {
    this.timeout(300_000);
    let lab: Lab;
    let host: LabHost;
    let client: LabHost;
    let stack: Stack;
    let untouched: string;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        [host, client] = await Promise.all([lab.host("h1", { docker: true }), lab.host("client")]);
        stack = await Stack.create({ connections: JSON.stringify({ h1: await through(client, host) }) });
        copyFileSync(join(example, "index.ts"), join(stack.project, "index.ts"));
        writeFileSync(join(stack.project, "package.json"), JSON.stringify({ name: "e2e", main: "index.ts" }));
        writeFileSync(join(stack.project, "Pulumi.yaml"), "name: e2e\nruntime: nodejs\n");
        untouched = await traces(host);
    });
    after(async () => {
        stack?.remove();
        await lab?.stop();
    });

    const heard = async (): Promise<string[]> =>
        Promise.all(
            [2022, 5900, 6500, 7899].map(async (port) =>
                (await client.tcp(host.address, port, { timeoutMs: 700 })).text.trim().replace(/^SSH-.*/, "SSH"),
            ),
        );
    const open = ["SSH", "5900", "6500", "7899"];
    const closed = ["", "", "", ""];

    it("shows the exact rules in preview, and touches nothing", async () => {
        const { output } = await stack.ok("preview", "--diff");
        assert.match(output, /rules +: \[\s+\[0\]: "-t nat -A ISARDVDI-DNAT -p tcp .*--dport 2022 /);
        // the display cuts long inputs off: the line of the resource has them in full
        assert.match(
            output,
            /up puts in: -t nat -A ISARDVDI-DNAT .*--dport 2022 .*-j DNAT --to-destination 172\.31\.255\.17/,
        );
        assert.match(output, /-t filter -A ISARDVDI-FWD .*--ctorigdstport 5900:7899 .*-j ACCEPT\. iptables is used: /);
        assert.equal(await traces(host), untouched);
    });

    it("opens the ports, and a second up has nothing to do", async () => {
        assert.deepEqual(await heard(), closed);
        await stack.deploy();
        assert.deepEqual(await heard(), open);
        const again = await stack.deploy("--expect-no-changes");
        assert.match(again.output, /3 unchanged/);
        const { resources = [] } = await stack.export();
        const ours = resources.filter(({ type }) => type.endsWith("isardvdi:PortForward"));
        assert.equal(ours.length, 2);
        for (const { outputs } of ours) assert.match(String(outputs?.["verified"]), /^from the jump host /);
        assert.ok(!JSON.stringify(resources).includes("PRIVATE KEY"), "the key is not in the state");
        // the CLI's own trace of the program's lines is as long as ts-node makes it
        const sizes = ours.map((each) => Buffer.byteLength(JSON.stringify({ ...each, stackTrace: undefined })));
        const bytes = Math.max(...sizes);
        assert.ok(bytes <= 3000, `${bytes} bytes of state each`);
    });

    it("finds what somebody took away by a refresh, and the next up puts it back", async () => {
        await host.must("iptables -F DOCKER-USER && iptables -A DOCKER-USER -j RETURN");
        assert.deepEqual(await heard(), closed);
        await stack.ok("refresh", "--yes", "--skip-preview");
        const { output } = await stack.deploy();
        assert.match(output, /2 updated/);
        assert.deepEqual(await heard(), open);
    });

    it("comes through an up that is killed while the rules go in", async () => {
        await stack.ok("destroy", "--yes", "--skip-preview");
        const running = stack.startUp();
        const end = Date.now() + 60_000;
        // the moment at which the host has the first of our files
        while ((await host.exec("[ -d /var/lib/pulumi-isardvdi ]")).code !== 0) {
            assert.ok(Date.now() < end, "the host was never touched");
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        process.kill(-running.pid, "SIGKILL");
        await running.finished;
        await stack.run("cancel", "--yes");
        await stack.deploy();
        assert.deepEqual(await heard(), open);
        const rules = await host.must("iptables-save | grep -c 'pulumi-isardvdi:' || true");
        assert.equal(rules.trim(), "4", "two forwards, each with its DNAT and its accept, once");
    });

    it("leaves the host as it was", async () => {
        await stack.ok("destroy", "--yes", "--skip-preview");
        assert.deepEqual(await heard(), closed);
        assert.equal(await traces(host), untouched);
    });
});
