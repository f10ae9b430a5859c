import { strict as assert } from "node:assert";
import { type Sandbox, startSandbox } from "../../sandbox";
import { configOf, inputs, until, writes } from "./harness/hypervisor";
import type { Values } from "./harness/rpc";
import { warmProvider, type WarmProvider } from "./harness/warm";

describe("what a program says no longer, or says beside the engine", () => {
    let sandbox: Sandbox;
    let provider: WarmProvider;
    beforeEach(async () => {
        sandbox = await startSandbox({ timeScale: 50 });
        provider = await warmProvider(configOf(sandbox), { timeScale: 20 });
    });
    afterEach(async () => {
        await provider.stop();
        await sandbox.stop();
    });
    const row = () => sandbox.hypervisors.get("h1");
    const differs = async (state: Values, program: Values): Promise<boolean> =>
        (await provider.diff("h1", state, program)).changes;
    const patch = "PUT admin/item/table/update/hypervisors";

    it("a part of viewer goes back to what the flavour says, and the others stay", async () => {
        const program = inputs("h1", { viewer: { spicePort: 8080, videoUrl: "video.example.org" } });
        const { state } = await provider.create(program);
        const less = inputs("h1", { viewer: { spicePort: 8080 } });
        assert.equal(await differs(state, less), true);
        const after = await provider.update("h1", state, less);
        const { proxy_video, spice_ext_port, static: staticUrl } = row()?.["viewer"] as Values;
        assert.deepEqual([proxy_video, spice_ext_port, staticUrl], ["h1", "8080", "h1"]);
        assert.equal(await differs(after, less), false);
        const none = await provider.update("h1", after, inputs("h1"));
        assert.equal((row()?.["viewer"] as Values)["spice_ext_port"], "80");
        assert.equal(await differs(none, inputs("h1")), false);
    });

    it("a part of capabilities goes back to its default", async () => {
        const { state } = await provider.create(inputs("h1", { capabilities: { disk: false, hypervisor: true } }));
        const less = inputs("h1", { capabilities: { hypervisor: true } });
        assert.equal(await differs(state, less), true);
        const after = await provider.update("h1", state, less);
        assert.deepEqual(row()?.["capabilities"], { disk_operations: true, hypervisor: true });
        assert.equal(await differs(after, less), false);
    });

    it("a state of 0.1, which knows no parts, resets none", async () => {
        const { state } = await provider.create(inputs("h1", { viewer: { spicePort: 8080, html5Port: 8443 } }));
        const old = { ...state, __set: ["hyperId", "hostname", "kvmModule", "viewer"] };
        const less = inputs("h1", { viewer: { spicePort: 8080 } });
        assert.equal(await differs(old, less), false);
        await provider.update("h1", old, { ...less, description: "x" });
        assert.equal((row()?.["viewer"] as Values)["html5_ext_port"], "8443");
    });

    it("gpuOnly is written when the program changes it beside minFreeGpuMemGb, and left to the engine else", async () => {
        const program = inputs("h1", { gpuOnly: false, minFreeGpuMemGb: 8 });
        const { state } = await provider.create(program);
        sandbox.hypervisors.set("h1", { gpu_only: true });
        const { state: read } = await provider.read("h1", state);
        assert.equal(await differs(read, program), false, "the engine alone did it");
        sandbox.hypervisors.set("h1", { gpu_only: false });
        const on = inputs("h1", { gpuOnly: true, minFreeGpuMemGb: 8 });
        assert.equal(await differs(read, on), true);
        sandbox.clearRequests();
        const after = await provider.update("h1", read, on);
        assert.deepEqual(writes(sandbox), [patch]);
        assert.equal(row()?.["gpu_only"], true);
        sandbox.hypervisors.set("h1", { gpu_only: false });
        await provider.update("h1", after, { ...on, description: "x" });
        assert.equal(row()?.["gpu_only"], false, "nothing that the engine did is undone with another change");
    });

    it("gpuOnly that the program says for the first time is written, whatever the engine had made of it", async () => {
        const { state } = await provider.create(inputs("h1", { minFreeGpuMemGb: 8 }));
        // as it was read while the engine had toggled it
        const { state: read } = await provider.read("h1", { ...state, gpuOnly: true });
        const on = inputs("h1", { gpuOnly: true, minFreeGpuMemGb: 8 });
        assert.equal(await differs(read, on), true);
        await provider.update("h1", read, on);
        assert.equal(row()?.["gpu_only"], true);
    });

    it("a VLAN that was just registered is no drift while the server's list is old", async () => {
        const { state } = await provider.create(inputs("h1", { vlans: [10] }));
        const more = inputs("h1", { vlans: [10, 11] });
        const updated = await provider.update("h1", state, more);
        const { state: read } = await provider.read("h1", updated);
        assert.deepEqual(read["vlans"], [10, 11]);
        assert.equal(await differs(read, more), false);
    });

    it("a hypervisor that is disabled is stored as Offline", async () => {
        const { state } = await provider.create(inputs("h1"));
        const after = await provider.update("h1", state, inputs("h1", { enabled: false }));
        assert.deepEqual([after["status"], after["enabled"], row()?.["status"]], ["Offline", false, "Offline"]);
    });

    it("a server's desktop is one to wait for as well", async () => {
        const { state } = await provider.create(inputs("h1"));
        sandbox.host("h1").serverDesktops = 1;
        const deleting = provider.delete("h1", state);
        await until(() => provider.lines.some(({ message }) => /1 desktop still running/.test(message)));
        assert.equal(row()?.["enabled"], true);
        sandbox.host("h1").serverDesktops = 0;
        await deleting;
        assert.equal(row(), undefined);
    });

    it("a registration that fails leaves a working hypervisor in service, after one try", async () => {
        const { state } = await provider.create(inputs("h1"));
        sandbox.host("h2").closeSsh();
        sandbox.clearRequests();
        const error = await provider
            .update("h1", state, inputs("h1", { hostname: "h2" }))
            .then(() => assert.fail("must fail"), String);
        assert.match(error, /SSH host key.*It is enabled again, as it was before/);
        const tries = writes(sandbox).filter((call) => call === "POST admin/item/hypervisor");
        assert.equal(tries.length, 1);
        await until(() => row()?.["status"] === "Online");
        assert.deepEqual([row()?.["hostname"], row()?.["enabled"]], ["h1", true]);
    });
});
