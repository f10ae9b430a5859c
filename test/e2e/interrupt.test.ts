import { strict as assert } from "node:assert";
import { Site, until } from "./harness/site";
import { noTrace, once } from "./harness/text";

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
        const took: number[] = [];
        // a busy machine may hold one of them up
        while (took.length < 3 && !took.some((each) => each < 1000)) {
            const { pid, events, finished } = stack.startUp();
            const isWaiting = (): boolean =>
                events.statusLines("::interrupted").some((line) => /status is Error/.test(line));
            await until("up waits", isWaiting);
            const pressed = performance.now();
            // what a terminal does: one signal to the whole foreground group
            process.kill(-pid, "SIGINT");
            const { code, output } = await finished;
            took.push(Math.round(performance.now() - pressed));
            assert.notEqual(code, 0);
            noTrace(output);
        }
        console.log(`      the CLI was gone after ${took.join(", ")} ms`);
        assert.ok(Math.min(...took) < 1000, `${took.join(", ")} ms`);

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

    it("ends the attempts to register, and the next up makes the hypervisor Online", async () => {
        const stack = await site.stack();
        const host = site.sandbox.host("h2");
        host.closeSsh();
        stack.hypervisors({ attempted: { hostname: "h2", kvmModule: "intel", awaitOnline: { timeoutSeconds: 10 } } });
        const { pid, events, finished } = stack.startUp();
        await until("up tries again", () => events.statusLines().some((line) => /trying again in/.test(line)));
        process.kill(-pid, "SIGINT");
        const { code, output } = await finished;
        assert.notEqual(code, 0);
        once(output, /Unable to register hypervisor "attempted": the run was cancelled/);
        host.openSsh();
        await stack.deploy();
        assert.equal(site.row("attempted")?.["status"], "Online");
    });
    it("ends a drain, which takes its cordon back", async () => {
        const stack = await site.stack();
        stack.hypervisors({ drained: { hostname: "h3", kvmModule: "intel" } });
        await stack.deploy();
        site.sandbox.host("h3").desktops = 1;
        const { pid, finished } = stack.start("destroy", "--yes", "--skip-preview");
        await until("the drain cordons", () => site.row("drained")?.["only_forced"] === true);
        process.kill(-pid, "SIGINT");
        const { code, output } = await finished;
        assert.notEqual(code, 0);
        once(output, /Unable to drain hypervisor "drained": the run was cancelled/);
        assert.equal(site.row("drained")?.["only_forced"], false);
        assert.deepEqual(Object.keys(await stack.state()), ["drained"]);
    });
});
