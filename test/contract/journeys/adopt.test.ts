import { strict as assert } from "node:assert";
import { Site } from "../../e2e/harness/site";
import type { Deployment } from "../../lifecycle/deployment";
import { held, hypervisors, startStack } from "./stack";

describe("a record that is there already", function () {
    this.timeout(300_000);
    let site: Site;
    let stack: Deployment;
    const mine = { hostname: "h1", kvmModule: "intel" };
    const theirs = { hostname: "h3", kvmModule: "intel" };
    before(async () => {
        site = await Site.start();
        await site.registered("mine", "h1");
        await site.registered("theirs", "h2");
        stack = await startStack(site);
    });
    after(async () => {
        await stack.stop();
        await site.stop();
    });
    afterEach(() => stack.anew());

    it("is taken over with the same hostname, Online as it is", async () => {
        const before = site.row("mine");
        assert.deepEqual(await stack.up(hypervisors({ mine })), []);
        // whose it is, and nothing else
        assert.deepEqual(site.writes(), ["PUT /api/v4/admin/item/table/update/hypervisors"]);
        const { pulumi_owner: mark, ...after } = site.row("mine") ?? {};
        assert.match(String(mark), /^[0-9a-f]{12} urn:.*::mine$/);
        assert.deepEqual({ ...after, stats: undefined }, { ...before, stats: undefined });
        assert.equal(site.row("mine")?.["status"], "Online");
    });
    it("is refused with another hostname, with adopt as the way", async () => {
        const [error = "", ...more] = await stack.up(hypervisors({ mine, theirs }));
        assert.match(error, /^Unable to create hypervisor "theirs": .*hostname h2.*set adopt to true/);
        assert.deepEqual(more, []);
        assert.deepEqual(site.writes(), []);
        assert.equal(site.row("theirs")?.["hostname"], "h2");
        assert.deepEqual(await held(stack), ["mine"]);
    });
    it("is taken over with adopt, registered at its new hostname", async () => {
        const program = hypervisors({ mine, theirs: { ...theirs, adopt: true } });
        assert.deepEqual(await stack.up(program), []);
        assert.equal(site.row("theirs")?.["hostname"], "h3");
        assert.equal(site.row("theirs")?.["status"], "Online");
        assert.deepEqual(await stack.differing(program), []);
    });
    it("is registered again where a registration was cut off and left it disabled", async () => {
        site.sandbox.addHost("h4");
        site.sandbox.engine.keyFile(false);
        const half = { hyper_id: "half", hostname: "h4", kvm_module: "intel" };
        await assert.rejects(site.call("POST", "/api/v4/admin/item/hypervisor", half));
        assert.equal(site.row("half")?.["enabled"], false);
        site.sandbox.engine.keyFile(true);
        const wanted = { hostname: "h4", kvmModule: "intel", awaitOnline: { timeoutSeconds: 20 } };
        assert.deepEqual(await stack.up(hypervisors({ half: wanted })), []);
        assert.equal(site.row("half")?.["status"], "Online");
    });
});
