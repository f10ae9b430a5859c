import { strict as assert } from "node:assert";
import type { Finished, Running } from "./harness/process";
import { Site, until } from "./harness/site";
import type { Stack } from "./harness/stack";
import { noTrace, once } from "./harness/text";

describe("Ctrl-C", function () {
    this.timeout(300_000);
    let site: Site;
    let stack: Stack;
    before(async () => {
        site = await Site.start();
        stack = await site.stack();
        stack.hypervisors({
            waiting: { hostname: "h1", kvmModule: "intel" },
            attempted: { hostname: "h2", kvmModule: "intel" },
        });
    });
    after(() => site.stop());

    /** What a terminal does: one signal to the whole foreground group. */
    async function press({ pid, finished }: Running): Promise<Finished> {
        process.kill(-pid, "SIGINT");
        const done = await finished;
        assert.notEqual(done.code, 0);
        noTrace(done.output);
        return done;
    }

    it("ends a wait and the attempts to register at once, keeps the hypervisors, and the next up goes on", async () => {
        site.sandbox.host("h1").revokeEngineKey();
        site.sandbox.host("h2").closeSsh();
        const { events, ...running } = stack.startUp();
        const says = (line: RegExp): boolean => events.statusLines().some((each) => line.test(each));
        await until("one waits and one tries again", () => says(/status is Error/) && says(/trying again in/));
        // from now on no question is answered: whoever needs another answer does not end
        const answer = site.sandbox.fault({ kind: "slow", delayMs: 3_600_000 });
        site.writes();
        const { output } = await press(running);
        answer();
        once(output, /Unable to bring Online hypervisor "waiting": the run was cancelled/);
        once(output, /Unable to register hypervisor "attempted": the run was cancelled/);
        assert.deepEqual(site.writes(), []);
        assert.deepEqual(stack.pendingOperations(), []);
        const { waiting } = stack.state();
        assert.equal(waiting?.id, "waiting");
        assert.match(waiting.initErrors?.join() ?? "", /the run was cancelled while it waited/);

        site.sandbox.host("h1").trustEngineKey();
        site.sandbox.host("h2").openSsh();
        await stack.deploy();
        for (const id of ["waiting", "attempted"]) assert.equal(site.row(id)?.["status"], "Online");
        assert.ok(
            site.writes().every((line) => !line.includes("waiting")),
            "what was sent is not sent again",
        );
    });

    it("ends a drain, which takes its cordon back", async () => {
        site.sandbox.host("h1").desktops = 1;
        const running = stack.start(
            "destroy",
            "--yes",
            "--skip-preview",
            "--target",
            stack.state()["waiting"]?.urn ?? "",
        );
        await until("the drain cordons", () => site.row("waiting")?.["only_forced"] === true);
        const { output } = await press(running);
        once(output, /Unable to drain hypervisor "waiting": the run was cancelled/);
        assert.equal(site.row("waiting")?.["only_forced"], false);
        assert.deepEqual(Object.keys(stack.state()).sort(), ["attempted", "waiting"]);
    });
});
