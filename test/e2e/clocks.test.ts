import { strict as assert } from "node:assert";
import { Site } from "./harness/site";

describe("clocks that differ", function () {
    this.timeout(120_000);
    for (const [title, clockOffsetSeconds] of [
        ["ten minutes behind", 600],
        ["ten minutes ahead", -600],
    ] as const) {
        it(`deploys with this machine's clock ${title} of the server's`, async () => {
            const site = await Site.start({ clockOffsetSeconds });
            try {
                const stack = await site.stack();
                stack.hypervisors({ skewed: { hostname: "h1", kvmModule: "intel" } });
                await stack.deploy();
                assert.equal(site.row("skewed")?.["status"], "Online");
                const refused = site.sandbox.requests.filter(({ status }) => status === 401);
                assert.deepEqual(refused, []);
                await stack.ok("destroy", "--yes", "--skip-preview");
                assert.equal(site.row("skewed"), undefined);
            } finally {
                await site.stop();
            }
        });
    }
});
