import { strict as assert } from "node:assert";
import { Site, until } from "./harness/site";
import type { Stack } from "./harness/stack";
import { once } from "./harness/text";

const destroy = ["destroy", "--yes", "--skip-preview"];

describe("destroy with desktops running", function () {
    this.timeout(120_000);
    let site: Site;
    let stack: Stack;
    const busy = { hostname: "h1", kvmModule: "intel" };
    before(async () => {
        site = await Site.start();
        stack = await site.stack();
        stack.hypervisors({ busy: { ...busy, deletion: { timeoutSeconds: 1 } } });
        await stack.deploy();
        site.sandbox.host("h1").desktops = 3;
    });
    after(() => site.stop());

    it("gives up at its timeout, takes its cordon back and deletes nothing", async () => {
        const { code, output } = await stack.run(...destroy);
        assert.notEqual(code, 0);
        once(output, /3 desktops were still running after 1 s\. .*deletion\.policy/);
        assert.equal(site.row("busy")?.["only_forced"], false);
        assert.equal(site.row("busy")?.["enabled"], true);
        assert.equal(site.sandbox.host("h1").desktops, 3);
        assert.deepEqual(Object.keys(await stack.state()), ["busy"]);
    });
    it("is told of another deletion policy by an up that touches no server", async () => {
        site.writes();
        stack.hypervisors({ busy: { ...busy, deletion: { policy: "drain", timeoutSeconds: 60 } } });
        const { events } = await stack.deploy();
        assert.deepEqual(events.changes(), { same: 1, update: 1 });
        assert.deepEqual(site.sandbox.requests, []);
    });
    it("waits until the desktops have stopped, and starts none meanwhile", async () => {
        const destroyed = stack.run(...destroy);
        await until("the drain cordons", () => site.row("busy")?.["only_forced"] === true);
        assert.equal(site.row("busy")?.["enabled"], true);
        site.sandbox.host("h1").desktops = 0;
        const { code, output } = await destroyed;
        assert.equal(code, 0, output);
        assert.equal(site.row("busy"), undefined);
    });
    it("stops them when the policy says so", async () => {
        stack.hypervisors({ forced: { hostname: "h2", kvmModule: "intel", deletion: { policy: "force" } } });
        await stack.deploy();
        site.sandbox.host("h2").desktops = 3;
        await stack.ok(...destroy);
        assert.equal(site.row("forced"), undefined);
        assert.equal(site.sandbox.host("h2").desktops, 0);
    });
    it("is content with a record that somebody else has deleted", async () => {
        stack.hypervisors({ vanished: { hostname: "h3", kvmModule: "intel" } });
        await stack.deploy();
        await site.call("DELETE", "/api/v4/admin/item/hypervisor/vanished");
        await stack.ok(...destroy);
        assert.deepEqual(Object.keys(await stack.state()), []);
    });
});
