import { strict as assert } from "node:assert";
import { type ApiFault, type Sandbox, startSandbox } from "../../sandbox";
import { configOf, failed, gate, inputs, until, writes } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";
import { calls } from "./properties/table";

const refusal = (call: string): ApiFault => ({
    match: new RegExp(`^${call.replace(" ", " /api/v\\d/")}$`),
    kind: "status",
    status: 409,
    body: { error: "conflict", description: "not now" },
    times: 1,
});

for (const generation of ["v4", "v3"] as const) {
    describe(`a run that was cut off on ${generation}`, () => {
        let sandbox: Sandbox;
        let provider: WarmProvider;
        const { register, enable, disable, patch } = calls;
        beforeEach(async () => {
            sandbox = await startSandbox({ generation, timeScale: 100 });
            provider = await warmProvider(configOf(sandbox));
        });
        afterEach(async () => {
            await provider.stop();
            await sandbox.stop();
        });
        const row = () => sandbox.hypervisors.get("h1");

        it("between the registration and the enable is enabled by the next one, without a second registration", async () => {
            const program = inputs("h1");
            sandbox.fault(refusal(patch[generation]));
            const { initError } = await failed(provider.create(program));
            assert.equal(row()?.["enabled"], false);
            sandbox.clearRequests();
            const state = await provider.update("h1", initError?.properties ?? {}, program);
            assert.deepEqual(writes(sandbox), [patch[generation]]);
            assert.deepEqual([state["status"], row()?.["enabled"]], ["Online", true]);
        });

        it("between a disable and its enable leaves it in service, and the next one changes it", async () => {
            const { state } = await provider.create(inputs("h1"));
            const program = inputs("h1", { capabilities: { disk: false } });
            // on each generation the first call after the disable that is not spelled like it
            const between = generation === "v4" ? patch.v4 : enable.v3;
            sandbox.fault(refusal(between));
            const { initError, message } = await failed(provider.update("h1", state, program));
            assert.match(message, /It is enabled again, as it was before/);
            await until(() => row()?.["enabled"] === true && row()?.["status"] === "Online");
            sandbox.clearRequests();
            const mended = await provider.update("h1", initError?.properties ?? {}, program);
            assert.deepEqual(writes(sandbox), generation === "v4" ? [disable.v4, patch.v4, enable.v4] : []);
            assert.deepEqual(mended["capabilities"], { disk: false, hypervisor: true });
            assert.deepEqual([mended["status"], row()?.["enabled"]], ["Online", true]);
        });

        it("and cannot even enable it says that it is out of service, and the next one enables it", async () => {
            const { state } = await provider.create(inputs("h1"));
            const program = inputs("h1", { triggers: ["new key"] });
            sandbox.fault(refusal(register[generation]));
            const released = gate();
            sandbox.fault({
                match: /^PUT .*(hypervisor\/h1|update\/hypervisors)$/,
                kind: "slow",
                until: released.opened,
                times: 1,
            });
            const updating = failed(provider.update("h1", state, program));
            await until(() => row()?.["enabled"] === false);
            sandbox.fault({ ...refusal(enable[generation]), times: 9 });
            released.open();
            const { initError, message } = await updating;
            assert.match(message, /h1 is out of service: it is disabled, and the next pulumi up .* enables it/);
            assert.equal(row()?.["enabled"], false);
            sandbox.clearFaults();
            sandbox.clearRequests();
            const mended = await provider.update("h1", initError?.properties ?? {}, program);
            assert.deepEqual(writes(sandbox), [register[generation], enable[generation]]);
            assert.deepEqual([mended["status"], mended["triggers"]], ["Online", ["new key"]]);
        });

        it("in a registration of a running hypervisor leaves it in service, and the next one registers it", async () => {
            const { state } = await provider.create(inputs("h1"));
            const program = inputs("h1", { triggers: ["new key"] });
            sandbox.fault({ ...refusal(register[generation]), after: true });
            const { initError } = await failed(provider.update("h1", state, program));
            await until(() => row()?.["enabled"] === true && row()?.["status"] === "Online");
            sandbox.clearRequests();
            const mended = await provider.update("h1", initError?.properties ?? {}, program);
            assert.deepEqual(writes(sandbox), [disable[generation], register[generation], enable[generation]]);
            assert.deepEqual([mended["status"], mended["triggers"]], ["Online", ["new key"]]);
        });

        it("enables nothing that was disabled before", async () => {
            const { state } = await provider.create(inputs("h1"));
            sandbox.hypervisors.set("h1", { enabled: false });
            const program = inputs("h1", { capabilities: { disk: false }, awaitOnline: false });
            sandbox.fault(refusal(patch[generation]));
            const { initError } = await failed(provider.update("h1", state, program));
            sandbox.clearRequests();
            await provider.update("h1", initError?.properties ?? {}, program);
            assert.deepEqual([writes(sandbox), row()?.["enabled"]], [[patch[generation]], false]);
        });

        it("by a record that vanished says so, whether or not Online is waited for", async () => {
            const program = inputs("h1", { awaitOnline: false });
            const { state } = await provider.create(program);
            const answer = gate();
            sandbox.fault({ match: /table\/update/, kind: "slow", until: answer.opened, times: 1 });
            const updating = failed(provider.update("h1", state, { ...program, description: "rack 4" }));
            await until(() => row()?.["description"] === "rack 4");
            sandbox.hypervisors.delete("h1");
            answer.open();
            assert.match((await updating).message, /record .*(gone|deleted)/);
        });
    });
}
