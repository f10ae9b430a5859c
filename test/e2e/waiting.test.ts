import { strict as assert } from "node:assert";
import { once } from "./harness/text";
import { Site, until } from "./harness/site";
import type { Stack } from "./harness/stack";

const impatient = { timeoutSeconds: 1 };

describe("a wait for Online that fails", function () {
    this.timeout(120_000);
    let site: Site;
    before(async () => {
        site = await Site.start();
    });
    after(() => site.stop());

    describe("because the engine's key is not trusted", () => {
        let stack: Stack;
        before(async () => {
            stack = await site.stack();
        });

        it("fails with one clear line and keeps the hypervisor", async () => {
            site.sandbox.host("h1").revokeEngineKey();
            stack.hypervisors({ wait: { hostname: "h1", kvmModule: "intel", awaitOnline: impatient } });
            const { code, output } = await stack.up();
            assert.notEqual(code, 0);
            once(
                output,
                /Unable to bring Online hypervisor "wait": after 1 s status is Error, "Cannot connect to libvirt/,
            );
            const { wait } = await stack.state();
            assert.equal(wait?.id, "wait");
            assert.equal(wait.initErrors?.length, 1);
            assert.deepEqual(site.writes(), [
                "POST /api/v4/admin/item/hypervisor",
                "PUT /api/v4/admin/item/hypervisor/wait",
            ]);
        });
        it("fails again while nothing is mended", async () => {
            const { code } = await stack.up();
            assert.notEqual(code, 0);
            assert.deepEqual(site.writes(), []);
        });
        it("goes on when it is mended while up waits", async () => {
            stack.hypervisors({ wait: { hostname: "h1", kvmModule: "intel" } });
            const { events, finished } = stack.startUp();
            await until("up waits", () => events.statusLines("::wait").some((line) => /status is Error/.test(line)));
            site.sandbox.host("h1").trustEngineKey();
            const { code, output } = await finished;
            assert.equal(code, 0, output);
            assert.equal(site.row("wait")?.["status"], "Online");
            assert.deepEqual(site.writes(), []);
            assert.equal((await stack.state())["wait"]?.initErrors, undefined);
            await stack.ok("preview", "--expect-no-changes");
        });
    });

    it("is over when the host came Online by itself meanwhile, without a bounce", async () => {
        const stack = await site.stack();
        site.sandbox.host("h2").revokeEngineKey();
        stack.hypervisors({ later: { hostname: "h2", kvmModule: "intel", awaitOnline: impatient } });
        assert.notEqual((await stack.up()).code, 0);
        site.sandbox.host("h2").trustEngineKey();
        await until("the host is Online", () => site.row("later")?.["status"] === "Online");
        const online = site.row("later")?.["status_time"];
        site.writes();
        await stack.deploy();
        assert.deepEqual(site.writes(), []);
        assert.equal(site.row("later")?.["status_time"], online);
    });

    it("comes after a registration that the closed SSH port stopped, which the next up repeats", async () => {
        const stack = await site.stack();
        const host = site.sandbox.host("h3");
        host.closeSsh();
        stack.hypervisors({ closed: { hostname: "h3", kvmModule: "intel" } });
        const { code, output } = await stack.up();
        assert.notEqual(code, 0);
        once(output, /Unable to register hypervisor "closed": the server got no SSH host key/);
        assert.equal((await stack.state())["closed"]?.id, "closed");
        host.openSsh();
        site.writes();
        await stack.deploy();
        assert.equal(site.row("closed")?.["status"], "Online");
        assert.deepEqual(site.writes(), [
            "POST /api/v4/admin/item/hypervisor",
            "PUT /api/v4/admin/item/hypervisor/closed",
        ]);
    });
});
