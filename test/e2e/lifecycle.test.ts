import { strict as assert } from "node:assert";
import type { Generation } from "../../sandbox";
import { Site } from "./harness/site";
import type { Stack } from "./harness/stack";

const expectedReference = 'exports.handler=()=>require("pulumi-isardvdi/provider").hypervisor';
const table: Record<Generation, string> = {
    v3: "/api/v3/admin/table/update/hypervisors",
    v4: "/api/v4/admin/item/table/update/hypervisors",
};
const roots: Record<Generation, string> = { v3: "/api/v3/hypervisor", v4: "/api/v4/admin/item/hypervisor" };

for (const generation of ["v4", "v3"] as const) {
    describe(`the life of a hypervisor on a ${generation} site`, function () {
        this.timeout(120_000);
        let site: Site;
        let stack: Stack;
        const args = { hostname: "h1", kvmModule: "intel", description: "by e2e", minFreeMemGb: 4 };

        before(async () => {
            site = await Site.start({ generation });
            stack = await site.stack();
            stack.hypervisors({ hyper: args });
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
            assert.deepEqual((await stack.outputs())["hyper"], { status: "Online" });
            assert.deepEqual(site.writes(), [`POST ${roots[generation]}`, `PUT ${roots[generation]}/hyper`]);
            assert.ok(events.statusLines("::hyper").length > 0, "the resource's own line said nothing");
        });
        it("keeps a small state that names the provider by a constant", async () => {
            const { hyper } = await stack.state();
            assert.equal(hyper?.id, "hyper");
            assert.equal(hyper.outputs?.["__provider"], expectedReference);
            assert.ok(Buffer.byteLength(expectedReference) <= 200);
            const bytes = Buffer.byteLength(JSON.stringify(hyper));
            assert.ok(bytes <= 3000, `${bytes} bytes of state`);
            assert.equal(hyper.outputs["status"], "Online");
            assert.equal(hyper.outputs["apiGeneration"], generation);
        });
        it("is left alone by a second up, a preview and a refresh", async () => {
            site.writes();
            const { events } = await stack.deploy();
            assert.deepEqual(events.changes(), { same: 2 });
            await stack.ok("preview", "--expect-no-changes");
            await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
            assert.deepEqual(site.writes(), []);
        });
        it("shows drift in what the program set and repairs it, and only that", async () => {
            const drift = { id: "hyper", description: "by somebody", only_forced: true };
            await site.call("PUT", table[generation], drift);
            const shown = await stack.ok("refresh", "--yes", "--skip-preview", "--diff");
            assert.match(shown.output, /description.*"by e2e" => "by somebody"/);
            assert.match(shown.output, /onlyForced.*false => true/);
            site.writes();
            const { events } = await stack.deploy();
            assert.deepEqual(events.changes(), { same: 1, update: 1 });
            assert.equal(site.row("hyper")?.["description"], "by e2e");
            assert.equal(site.row("hyper")?.["only_forced"], true, "what the program does not set is not its business");
            assert.deepEqual(site.writes(), [`PUT ${table[generation]}`]);
        });
        it("is destroyed by a program that is gone", async () => {
            stack.hypervisors({});
            await stack.ok("destroy", "--yes", "--skip-preview");
            assert.equal(site.row("hyper"), undefined);
            assert.deepEqual(Object.keys(await stack.state()), []);
        });
    });
}
