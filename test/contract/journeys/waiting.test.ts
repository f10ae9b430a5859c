import { strict as assert } from "node:assert";
import { Site, until } from "../../e2e/harness/site";
import type { Deployment } from "../../lifecycle/deployment";
import { held, hypervisors, startStack } from "./stack";

const impatient = { timeoutSeconds: 1 };

describe("a wait for Online that fails", function () {
    this.timeout(300_000);
    let site: Site;
    let stack: Deployment;
    before(async () => {
        site = await Site.start();
    });
    after(() => site.stop());
    beforeEach(async () => {
        stack = await startStack(site);
        site.writes();
    });
    afterEach(() => stack.stop());

    it("because the engine's key is not trusted keeps the hypervisor, fails again, and goes on when it is mended", async () => {
        site.sandbox.host("h1").revokeEngineKey();
        const late = hypervisors({ wait: { hostname: "h1", kvmModule: "intel", awaitOnline: impatient } });
        const [error = "", ...more] = await stack.up(late);
        assert.match(
            error,
            /^Unable to bring Online hypervisor "wait": after 1 s status is Error, "Cannot connect to libvirt/,
        );
        assert.deepEqual(more, []);
        assert.deepEqual(await held(stack), ["wait"]);
        assert.deepEqual(site.writes(), [
            "POST /api/v4/admin/item/hypervisor",
            "PUT /api/v4/admin/item/table/update/hypervisors",
        ]);

        await stack.anew();
        assert.equal((await stack.up(late)).length, 1);
        assert.deepEqual(site.writes(), []);

        await stack.anew();
        const patient = hypervisors({ wait: { hostname: "h1", kvmModule: "intel" } });
        const going = stack.up(patient);
        await until("up waits", () => site.sandbox.requests.length > 1);
        site.sandbox.host("h1").trustEngineKey();
        assert.deepEqual(await going, []);
        assert.equal(site.row("wait")?.["status"], "Online");
        assert.deepEqual(site.writes(), []);
        assert.deepEqual(await stack.differing(patient), []);
    });

    it("is over when the host came Online by itself meanwhile, without a bounce", async () => {
        site.sandbox.host("h2").revokeEngineKey();
        const program = hypervisors({ later: { hostname: "h2", kvmModule: "intel", awaitOnline: impatient } });
        assert.equal((await stack.up(program)).length, 1);
        site.sandbox.host("h2").trustEngineKey();
        await until("the host is Online", () => site.row("later")?.["status"] === "Online");
        const online = site.row("later")?.["status_time"];
        site.writes();
        await stack.anew();
        assert.deepEqual(await stack.up(program), []);
        assert.deepEqual(site.writes(), []);
        assert.equal(site.row("later")?.["status_time"], online);
    });

    it("comes after a registration that the closed SSH port stopped, which the next up repeats", async () => {
        const host = site.sandbox.host("h3");
        host.closeSsh();
        const program = hypervisors({ closed: { hostname: "h3", kvmModule: "intel" } });
        const [error = "", ...more] = await stack.up(program);
        assert.match(error, /^Unable to register hypervisor "closed": the server got no SSH host key/);
        assert.deepEqual(more, []);
        assert.deepEqual(await held(stack), [], "the server has written no row");
        host.openSsh();
        site.writes();
        await stack.anew();
        assert.deepEqual(await stack.up(program), []);
        assert.equal(site.row("closed")?.["status"], "Online");
        assert.deepEqual(site.writes(), [
            "POST /api/v4/admin/item/hypervisor",
            "PUT /api/v4/admin/item/table/update/hypervisors",
        ]);
    });
});
