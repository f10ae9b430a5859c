import { strict as assert } from "node:assert";
import { Site } from "../../e2e/harness/site";
import type { Values } from "../harness/rpc";
import { held, hypervisors, startStack } from "./stack";

const reference = 'exports.handler=()=>require("pulumi-isardvdi/provider").hypervisor';
const table = "/api/v3/admin/table/update/hypervisors";

describe("the life of a stack", function () {
    this.timeout(300_000);

    it("on a v3 site goes from a preview over drift to nothing, and writes what is needed each time", async () => {
        const site = await Site.start({ generation: "v3" });
        const stack = await startStack(site);
        const program = hypervisors({
            hyper: { hostname: "h1", kvmModule: "intel", description: "by e2e", minFreeMemGb: 4 },
        });
        try {
            assert.deepEqual(await stack.differing(program), ["hyper"]);
            assert.deepEqual(site.writes(), []);

            assert.deepEqual(await stack.up(program), []);
            const { status, enabled, description } = site.row("hyper") ?? {};
            assert.deepEqual([status, enabled, description], ["Online", true, "by e2e"]);
            assert.deepEqual(site.writes(), ["POST /api/v3/hypervisor", "PUT /api/v3/admin/table/update/hypervisors"]);

            const [first = ""] = (await stack.clearText()).split("\n");
            assert.ok(Buffer.byteLength(first) <= 3000, `${Buffer.byteLength(first)} bytes of state`);
            const [state] = JSON.parse(first) as Values[];
            assert.deepEqual(
                [state?.["__provider"], state?.["status"], state?.["apiGeneration"]],
                [reference, "Online", "v3"],
            );

            await stack.anew();
            assert.deepEqual(await stack.up(program), []);
            assert.deepEqual(await stack.differing(program), []);
            assert.deepEqual(site.writes(), []);

            await site.call("PUT", table, { id: "hyper", description: "by somebody", only_forced: true });
            await stack.anew();
            site.writes();
            assert.deepEqual(await stack.settle(program), []);
            assert.equal(site.row("hyper")?.["description"], "by e2e");
            assert.equal(site.row("hyper")?.["only_forced"], true, "what the program does not set is left alone");
            assert.deepEqual(site.writes(), [`PUT ${table}`]);

            assert.deepEqual(await stack.destroy(), []);
            assert.equal(site.row("hyper"), undefined);
            assert.deepEqual(await held(stack), []);
        } finally {
            await stack.stop();
            await site.stop();
        }
    });

    for (const [title, clockOffsetSeconds] of [
        ["ten minutes behind", 600],
        ["ten minutes ahead", -600],
    ] as const)
        it(`goes well with this machine's clock ${title} of the server's`, async () => {
            const site = await Site.start({ clockOffsetSeconds });
            const stack = await startStack(site);
            try {
                assert.deepEqual(await stack.up(hypervisors({ skewed: { hostname: "h1", kvmModule: "intel" } })), []);
                assert.equal(site.row("skewed")?.["status"], "Online");
                assert.deepEqual(
                    site.sandbox.requests.filter(({ status }) => status === 401),
                    [],
                );
                assert.deepEqual(await stack.destroy(), []);
                assert.equal(site.row("skewed"), undefined);
            } finally {
                await stack.stop();
                await site.stop();
            }
        });
});
