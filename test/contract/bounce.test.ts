import { strict as assert } from "node:assert";
import { type Sandbox, startSandbox } from "../../sandbox";
import { configOf, inputs } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";

// both clocks alike, and slow enough that two requests fall into one half second of the change feed
const pace = { timeScale: 10 };

describe("a change that the engine takes up only at its worker's start", () => {
    let sandbox: Sandbox;
    let provider: WarmProvider;
    beforeEach(async () => {
        sandbox = await startSandbox(pace);
        provider = await warmProvider(configOf(sandbox), pace);
    });
    afterEach(async () => {
        await provider.stop();
        await sandbox.stop();
    });
    const row = () => sandbox.hypervisors.get("h1");

    for (const [what, change] of Object.entries({
        triggers: { triggers: ["anew"] },
        hostname: { hostname: "h2" },
        capabilities: { capabilities: { disk: false } },
    })) {
        it(`reaches it although the row has just changed: ${what}`, async () => {
            const { state } = await provider.create(inputs("h1"));
            sandbox.hypervisors.set("h1", { stats: { time: 1 } });
            const after = await provider.update("h1", state, inputs("h1", change));
            assert.equal(after["status"], "Online");
            assert.deepEqual([row()?.["status"], row()?.["enabled"]], ["Online", true]);
            const said = provider.lines.filter(({ message }) => /Offline and enabled/.test(message));
            assert.deepEqual(said, [], "nothing was swallowed, so nothing had to be bounced again");
        });
    }

    it("is enabled only once the engine has heard of the disable of a run that failed a moment ago", async () => {
        const { state } = await provider.create(inputs("h1"));
        sandbox.hypervisors.set("h1", { enabled: false, status: "Offline" });
        const cut = { ...state, enabled: false, status: "Offline", __incomplete: "enable" };
        const after = await provider.update("h1", cut, inputs("h1"));
        assert.deepEqual([after["status"], row()?.["status"]], ["Online", "Online"]);
    });
});
