import { strict as assert } from "node:assert";
import { Site } from "./harness/site";
import type { Stack } from "./harness/stack";

const reference = 'exports.handler=()=>require("pulumi-isardvdi/provider").hypervisor';
const registration = "/api/v4/admin/item/hypervisor";
const table = "/api/v4/admin/item/table/update/hypervisors";

describe("the life of a hypervisor with the real CLI", function () {
    this.timeout(300_000);
    let site: Site;
    let stack: Stack;
    before(async () => {
        site = await Site.start();
        stack = await site.stack();
        stack.hypervisors({ hyper: { hostname: "h1", kvmModule: "intel", description: "by e2e", minFreeMemGb: 4 } });
    });
    after(() => site.stop());

    it("is previewed without a request that changes anything", async () => {
        const { output } = await stack.ok("preview", "--diff");
        assert.match(output, /minFreeMemGb/);
        assert.doesNotMatch(output, /__urn|__provider/);
        assert.deepEqual(site.writes(), []);
    });
    it("is Online when up ends", async () => {
        const { events } = await stack.deploy();
        const row = site.row("hyper");
        assert.equal(row?.["status"], "Online");
        assert.equal(row["enabled"], true);
        assert.equal(row["description"], "by e2e");
        assert.deepEqual(stack.outputs()["hyper"], { status: "Online" });
        assert.deepEqual(site.writes(), [`POST ${registration}`, "PUT /api/v4/admin/item/table/update/hypervisors"]);
        assert.ok(events.statusLines("::hyper").length > 0, "the resource's own line said nothing");
    });
    it("keeps a small state that names the provider by a constant", () => {
        const { hyper } = stack.state();
        assert.equal(hyper?.id, "hyper");
        assert.equal(hyper.outputs?.["__provider"], reference);
        assert.ok(Buffer.byteLength(reference) <= 200);
        const bytes = Buffer.byteLength(JSON.stringify(hyper));
        assert.ok(bytes <= 3000, `${bytes} bytes of state`);
        assert.equal(hyper.outputs["status"], "Online");
        assert.equal(hyper.outputs["apiGeneration"], "v4");
    });
    it("is left alone by a second up and a refresh", async () => {
        site.writes();
        const { events } = await stack.deploy("--refresh", "--expect-no-changes");
        assert.deepEqual(events.changes(), { same: 2 });
        assert.deepEqual(site.writes(), []);
    });
    it("shows drift in what the program set and repairs it, and only that", async () => {
        await site.call("PUT", table, { id: "hyper", description: "by somebody", only_forced: true });
        const shown = await stack.ok("refresh", "--yes", "--skip-preview", "--diff");
        assert.match(shown.output, /description.*"by e2e" => "by somebody"/);
        assert.match(shown.output, /onlyForced.*false => true/);
        site.writes();
        const { events } = await stack.deploy();
        assert.deepEqual(events.changes(), { same: 1, update: 1 });
        assert.equal(site.row("hyper")?.["description"], "by e2e");
        assert.equal(site.row("hyper")?.["only_forced"], true, "what the program does not set is not its business");
        assert.deepEqual(site.writes(), [`PUT ${table}`]);
    });
    it("is destroyed by a program that is gone", async () => {
        stack.hypervisors({});
        await stack.destroy();
        assert.equal(site.row("hyper"), undefined);
        assert.deepEqual(stack.state(), {});
    });
});
