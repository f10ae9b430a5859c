import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import { traces } from "../firewall/harness";
import type { LabHost } from "../lab/host";
import { Lab } from "../lab/lab";
import { needsLab } from "../lab/skip";
import { through } from "../port-forward/site";
import { typescriptExample } from "./harness/example";
import { Stack } from "./harness/stack";

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
        typescriptExample("forwards-only", stack);
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

    it("opens the ports after an up that was killed while the rules went in, each rule once", async () => {
        assert.deepEqual(await heard(), closed);
        const running = stack.startUp();
        // the moment at which the host has the first of our files
        while ((await host.exec("[ -d /var/lib/pulumi-isardvdi ]")).code !== 0) await sleep(20);
        process.kill(-running.pid, "SIGKILL");
        await running.finished;
        await stack.run("cancel", "--yes");
        await stack.deploy();
        assert.deepEqual(await heard(), open);
        const rules = await host.must("iptables-save | grep -c 'pulumi-isardvdi:' || true");
        assert.equal(rules.trim(), "4", "two forwards, each with its DNAT and its accept, once");
    });

    it("keeps a small state without a key", () => {
        const ours = Object.values(stack.state("PortForward"));
        assert.equal(ours.length, 2);
        for (const { outputs } of ours) assert.match(String(outputs?.["verified"]), /^from the jump host /);
        assert.ok(!JSON.stringify(stack.resources()).includes("PRIVATE KEY"), "the key is not in the state");
        // the CLI's own trace of the program's lines is as long as ts-node makes it
        const sizes = ours.map((each) => Buffer.byteLength(JSON.stringify({ ...each, stackTrace: undefined })));
        const bytes = Math.max(...sizes);
        assert.ok(bytes <= 3000, `${bytes} bytes of state each`);
    });

    it("has nothing to do the second time", async () => {
        const { output } = await stack.deploy("--expect-no-changes");
        assert.match(output, /3 unchanged/);
    });

    it("finds what somebody took away by a refresh, and puts it back", async () => {
        await host.must("iptables -F DOCKER-USER && iptables -A DOCKER-USER -j RETURN");
        assert.deepEqual(await heard(), closed);
        const { output } = await stack.deploy("--refresh");
        assert.match(output, /2 updated/);
        assert.deepEqual(await heard(), open);
    });

    it("leaves the host as it was", async () => {
        await stack.destroy();
        assert.deepEqual(await heard(), closed);
        assert.equal(await traces(host), untouched);
    });
});
