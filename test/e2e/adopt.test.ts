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
});
