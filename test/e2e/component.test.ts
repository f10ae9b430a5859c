import { strict as assert } from "node:assert";
import { Site, until } from "./harness/site";

describe("several hypervisors in a component", function () {
    this.timeout(300_000);
    let site: Site;
    before(async () => {
        site = await Site.start();
    });
    after(() => site.stop());

    it("come up together, each with status lines under its own name", async () => {
        const stack = await site.stack();
        const names = ["left", "right"];
        stack.write({
            component: "house",
            hypervisors: {
                left: { hostname: "h1", kvmModule: "intel" },
                right: { hostname: "h2", kvmModule: "amd" },
            },
        });
        // neither is answered until the other is registered as well
        const both = until("both are registered", () => names.every((name) => site.row(name) !== undefined));
        site.sandbox.fault({ match: /^POST .*\/item\/hypervisor$/, kind: "slow", until: both, times: 2 });
        const { events } = await stack.deploy();
        await both;
        const state = stack.state();
        for (const name of names) {
            assert.equal(site.row(name)?.["status"], "Online");
            const urn = state[name]?.urn ?? "";
            assert.match(urn, /::e2e:Component\$pulumi-nodejs:dynamic\/isardvdi:Hypervisor::/);
            const lines = events.statusLines(urn);
            assert.ok(
                lines.some((line) => line.startsWith(`registering ${name} at`)),
                lines.join("\n"),
            );
            assert.ok(
                lines.some((line) => line.includes("status is Offline")),
                lines.join("\n"),
            );
        }
        const strays = events.diagnostics().filter(({ urn, ephemeral }) => ephemeral && !urn?.includes("Hypervisor::"));
        assert.deepEqual(strays, []);
    });
});
