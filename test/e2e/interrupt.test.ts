import { strict as assert } from "node:assert";
import { Site, until } from "./harness/site";
import { noTrace } from "./harness/text";

describe("Ctrl-C", function () {
    this.timeout(120_000);
    let site: Site;
    before(async () => {
        site = await Site.start();
    });
    after(() => site.stop());

    it("ends a wait within a second, keeps the hypervisor, and the next up goes on", async () => {
        const stack = await site.stack();
        site.sandbox.host("h1").revokeEngineKey();
        stack.hypervisors({ interrupted: { hostname: "h1", kvmModule: "intel" } });
        const { pid, events, finished } = stack.startUp();
        await until("up waits", () => events.statusLines("::interrupted").some((line) => /status is Error/.test(line)));
        const pressed = performance.now();
        // what a terminal does: one signal to the whole foreground group
        process.kill(-pid, "SIGINT");
        const { code, output } = await finished;
        const milliseconds = Math.round(performance.now() - pressed);
        console.log(`      the CLI was gone after ${milliseconds} ms`);
        assert.ok(milliseconds < 1000, `${milliseconds} ms:\n${output}`);
        assert.notEqual(code, 0);
        noTrace(output);

        const { pending_operations: pending = [] } = await stack.export();
        assert.deepEqual(pending, []);
        const { interrupted } = await stack.state();
        assert.equal(interrupted?.id, "interrupted");
        assert.match(interrupted.initErrors?.join() ?? "", /the run was cancelled while it waited/);

        site.sandbox.host("h1").trustEngineKey();
        site.writes();
        await stack.deploy();
        assert.equal(site.row("interrupted")?.["status"], "Online");
        assert.deepEqual(site.writes(), []);
    });
});
