import { strict as assert } from "node:assert";
import { once } from "./harness/text";
import { Site } from "./harness/site";
import type { Stack } from "./harness/stack";

describe("a record that is there already", function () {
    this.timeout(120_000);
    let site: Site;
    let stack: Stack;
    before(async () => {
        site = await Site.start();
        stack = await site.stack();
        await site.registered("mine", "h1");
        await site.registered("theirs", "h2");
    });
    after(() => site.stop());

    it("is taken over with the same hostname, Online as it is", async () => {
        const before = site.row("mine");
        stack.hypervisors({ mine: { hostname: "h1", kvmModule: "intel" } });
        await stack.deploy();
        assert.deepEqual(site.writes(), []);
        assert.deepEqual({ ...site.row("mine"), stats: undefined }, { ...before, stats: undefined });
        assert.equal((await stack.outputs())["mine"]?.["status"], "Online");
    });
    it("is refused with another hostname, with adopt as the way", async () => {
        const theirs = { hostname: "h3", kvmModule: "intel" };
        stack.hypervisors({ mine: { hostname: "h1", kvmModule: "intel" }, theirs });
        const { code, output } = await stack.up();
        assert.notEqual(code, 0);
        once(output, /Unable to create hypervisor "theirs": .*hostname h2.*set adopt to true/);
        assert.deepEqual(site.writes(), []);
        assert.equal(site.row("theirs")?.["hostname"], "h2");
        assert.deepEqual(Object.keys(await stack.state()), ["mine"]);
    });
    it("is taken over with adopt, registered at its new hostname", async () => {
        const theirs = { hostname: "h3", kvmModule: "intel", adopt: true };
        stack.hypervisors({ mine: { hostname: "h1", kvmModule: "intel" }, theirs });
        await stack.deploy();
        assert.equal(site.row("theirs")?.["hostname"], "h3");
        assert.equal(site.row("theirs")?.["status"], "Online");
        await stack.ok("preview", "--expect-no-changes");
    });
    it("is registered again where a registration was cut off and left it disabled", async () => {
        const host = site.sandbox.addHost("h4");
        host.closeSsh();
        const half = { hyper_id: "half", hostname: "h4", kvm_module: "intel" };
        await assert.rejects(site.call("POST", "/api/v4/admin/item/hypervisor", half));
        assert.equal(site.row("half")?.["enabled"], false);
        host.openSsh();
        stack.hypervisors({ half: { hostname: "h4", kvmModule: "intel", awaitOnline: { timeoutSeconds: 20 } } });
        await stack.deploy();
        assert.equal(site.row("half")?.["status"], "Online");
    });
});
