import { strict as assert } from "node:assert";
import { type Sandbox, startSandbox } from "../../sandbox";
import { configOf, failed, inputs, writes } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";
import type { Values } from "./harness/rpc";

const cordon = "PUT admin/item/table/update/hypervisors";

describe("state-only changes reach destroy", () => {
    let site: Sandbox;
    let moved: Sandbox;
    let provider: WarmProvider;
    beforeEach(async () => {
        [site, moved] = await Promise.all([startSandbox({ timeScale: 100 }), startSandbox({ timeScale: 100 })]);
        const { apiUrl, apiSecret } = moved;
        const sites = JSON.stringify({ moved: { apiUrl, apiSecret } });
        provider = await warmProvider({ ...configOf(site), "isardvdi:sites": sites });
    });
    afterEach(async () => {
        await provider.stop();
        await Promise.all([site.stop(), moved.stop()]);
    });

    /** The state after an update that no server heard of. */
    const quietly = async (state: Values, program: Values): Promise<Values> => {
        const before = site.requests.length + moved.requests.length;
        assert.equal((await provider.diff("h1", state, program)).changes, true);
        const updated = await provider.update("h1", state, program);
        assert.equal(site.requests.length + moved.requests.length, before, "no server is asked");
        assert.equal((await provider.diff("h1", updated, program)).changes, false);
        return updated;
    };

    it("deletion: today's policy is used, from the state alone", async () => {
        const { state } = await provider.create(inputs("h1"));
        const forced = await quietly(state, inputs("h1", { deletion: { policy: "force" } }));
        site.host("h1").desktops = 3;
        site.clearRequests();
        await provider.delete("h1", forced);
        assert.equal(site.hypervisors.get("h1"), undefined);
        assert.ok(!writes(site).includes(cordon), "forced: nothing is cordoned, and nobody is waited for");
    });

    it("deletion: a shorter wait is used, and its end names the property", async () => {
        const { state } = await provider.create(inputs("h1"));
        const hasty = await quietly(state, inputs("h1", { deletion: { timeoutSeconds: 1 } }));
        site.host("h1").desktops = 3;
        const { message } = await failed(provider.delete("h1", hasty));
        assert.match(message, /3 desktops were still running after 1 s\. .*deletion\.timeoutSeconds.*deletion\.policy/);
        assert.equal(site.hypervisors.get("h1")?.["only_forced"], false, "the cordon is undone");
        assert.equal(site.hypervisors.get("h1")?.["enabled"], true);
    });

    it("deletion: a policy that is taken out is forgotten", async () => {
        const { state } = await provider.create(inputs("h1", { deletion: { policy: "force" } }));
        const patient = await quietly(state, inputs("h1"));
        site.clearRequests();
        await provider.delete("h1", patient);
        assert.equal(writes(site)[0], cordon, "drained again, as by default");
    });

    it("site: refresh and destroy go to today's site", async () => {
        const { state } = await provider.create(inputs("h1"));
        await provider.create(inputs("h1", { site: "moved" }));
        // the rows have moved with the site, and whose they are with them
        const { pulumi_owner } = site.hypervisors.get("h1") ?? {};
        moved.hypervisors.set("h1", { ...moved.hypervisors.get("h1"), pulumi_owner });
        const there = await quietly(state, inputs("h1", { site: "moved" }));
        site.clearRequests();
        assert.equal((await provider.read("h1", there)).id, "h1");
        await provider.delete("h1", there);
        assert.equal(moved.hypervisors.get("h1"), undefined);
        assert.equal(site.hypervisors.get("h1")?.["status"], "Online");
        assert.deepEqual(site.requests, []);
    });

    it("all at once, and the rest of the state is as it was", async () => {
        const { state } = await provider.create(inputs("h1"));
        const news = {
            adopt: true,
            awaitOnline: false,
            deletion: { policy: "force" },
            diagnostics: { host: { host: "h1", privateKey: "today's key" } },
            registration: "self",
            site: "moved",
        };
        const updated = await quietly(state, inputs("h1", news));
        const { __set: _before, ...old } = state;
        const { __set: after, ...now } = updated;
        assert.deepEqual(now, { ...old, ...news });
        assert.deepEqual(
            [...(after as string[])].sort(),
            [...Object.keys(news), "hostname", "hyperId", "kvmModule"].sort(),
        );
    });
});
