import { strict as assert } from "node:assert";
import { Site, until } from "../../e2e/harness/site";
import type { Deployment } from "../../lifecycle/deployment";
import { held, hypervisors, startStack } from "./stack";

describe("destroy with desktops running", function () {
    this.timeout(300_000);
    let site: Site;
    let stack: Deployment;
    const busy = { hostname: "h1", kvmModule: "intel" };
    before(async () => {
        site = await Site.start();
        stack = await startStack(site);
        assert.deepEqual(await stack.up(hypervisors({ busy: { ...busy, deletion: { timeoutSeconds: 1 } } })), []);
        site.sandbox.host("h1").desktops = 3;
    });
    after(async () => {
        await stack.stop();
        await site.stop();
    });
    afterEach(() => stack.anew());

    it("gives up at its timeout, takes its cordon back and deletes nothing", async () => {
        const [error = "", ...more] = await stack.destroy();
        assert.match(error, /3 desktops were still running after 1 s\. .*deletion\.policy/);
        assert.deepEqual(more, []);
        assert.equal(site.row("busy")?.["only_forced"], false);
        assert.equal(site.row("busy")?.["enabled"], true);
        assert.equal(site.sandbox.host("h1").desktops, 3);
        assert.deepEqual(await held(stack), ["busy"]);
    });
    it("is told of another deletion policy by an up that touches no server", async () => {
        site.writes();
        const patient = hypervisors({ busy: { ...busy, deletion: { policy: "drain", timeoutSeconds: 60 } } });
        assert.deepEqual(await stack.up(patient), []);
        assert.deepEqual(site.sandbox.requests, []);
        assert.deepEqual(await stack.differing(patient), []);
    });
    it("waits until the desktops have stopped, and starts none meanwhile", async () => {
        const destroyed = stack.destroy();
        await until("the drain cordons", () => site.row("busy")?.["only_forced"] === true);
        assert.equal(site.row("busy")?.["enabled"], true);
        site.sandbox.host("h1").desktops = 0;
        assert.deepEqual(await destroyed, []);
        assert.equal(site.row("busy"), undefined);
    });
    it("stops them when the policy says so", async () => {
        const forced = { hostname: "h2", kvmModule: "intel", deletion: { policy: "force" } };
        assert.deepEqual(await stack.up(hypervisors({ forced })), []);
        site.sandbox.host("h2").desktops = 3;
        assert.deepEqual(await stack.destroy(), []);
        assert.equal(site.row("forced"), undefined);
        assert.equal(site.sandbox.host("h2").desktops, 0);
    });
    it("is content with a record that somebody else has deleted", async () => {
        assert.deepEqual(await stack.up(hypervisors({ vanished: { hostname: "h3", kvmModule: "intel" } })), []);
        await site.call("DELETE", "/api/v4/admin/item/hypervisor/vanished");
        assert.deepEqual(await stack.destroy(), []);
        assert.deepEqual(await held(stack), []);
    });
});
