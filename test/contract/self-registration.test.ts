import { strict as assert } from "node:assert";
import { type ContainerCfg, type Sandbox, type SandboxContainer, startSandbox } from "../../sandbox";
import { configOf, failed, inputs, until, writing } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";
import type { Values } from "./harness/rpc";

const self = (more: Values = {}): Values => {
    const { kvmModule: _none, ...rest } = inputs("h1", { registration: "self", awaitOnline: { timeoutSeconds: 60 } });
    return { ...rest, ...more };
};

for (const generation of ["v4", "v3"] as const) {
    // what the one tells within a moment the other does within its interval
    const source = generation === "v4" ? "changefeed" : "api";
    describe(`registration "self" on ${generation}, by ${source}`, () => {
        let sandbox: Sandbox;
        let provider: WarmProvider;
        let container: SandboxContainer;
        beforeEach(async () => {
            sandbox = await startSandbox({ generation, rethinkdbPort: 0, timeScale: 20 });
            container = sandbox.host("h1").container;
            const { host, port } = sandbox.rethinkdb ?? {};
            const rethinkdb = { "isardvdi:rethinkdb": JSON.stringify({ host, port }) };
            provider = await warmProvider({ ...configOf(sandbox), ...(source === "changefeed" && rethinkdb) });
        });
        afterEach(async () => {
            await provider.stop();
            await sandbox.stop();
        });
        const row = (): Record<string, unknown> => sandbox.hypervisors.get("h1") ?? {};
        const said = (pattern: RegExp): string[] =>
            provider.lines.map(({ message }) => message).filter((line) => pattern.test(line));
        const step = (): unknown => (row()["boot_progress"] as { step?: number } | undefined)?.step;
        /** What was sent by us: the container's own requests are known by their cfg's words. */
        const ours = (): string[] =>
            writing(sandbox)
                .filter(({ path }) => !/\/hypervisor(\/h1(\/boot_progress)?)?$/.test(path))
                .map(({ method, body }) => `${method} ${JSON.stringify(body)}`);
        const posts = (): number =>
            sandbox.requests.filter(({ method, path }) => method === "POST" && /\/hypervisor$/.test(path)).length;
        const puts = (): number =>
            sandbox.requests.filter(({ method, path }) => method === "PUT" && /\/hypervisor\/h1$/.test(path)).length;
        const created = async (more: Values = {}, cfg: Partial<ContainerCfg> = {}): Promise<Values> => {
            container.start(cfg);
            return (await provider.create(self(more))).state;
        };

        it("follows a boot to Online, and writes only what the user set, after the last step", async () => {
            const creating = provider.create(self({ description: "rack 4", minFreeMemGb: 8 }));
            await until(() => said(/waiting for h1 to register itself/).length > 0);
            container.hangsAt = 8;
            container.start();
            await until(() => step() === 8 && said(/boot step 8 of 9 \(Firewall rules\)/).length > 0);
            assert.deepEqual(ours(), [], "nothing is written while it boots");
            container.hangsAt = undefined;
            const { state } = await creating;
            assert.deepEqual(
                [state["status"], state["description"], state["minFreeMemGb"], state["enabled"]],
                ["Online", "rack 4", 8, true],
            );
            assert.deepEqual([row()["description"], row()["min_free_mem_gb"]], ["rack 4", 8]);
            const mark = { pulumi_owner: row()["pulumi_owner"] };
            assert.match(String(mark.pulumi_owner), /^[0-9a-f]{12} urn:.*::h1$/);
            const change = { id: "h1", description: "rack 4", min_free_mem_gb: 8, ...mark };
            assert.deepEqual(ours(), [`PUT ${JSON.stringify(change)}`]);
            assert.deepEqual([posts(), puts()], [1, 1], "the container's own, and none of ours");
        });

        it("survives a restart in the middle of the boot, and one after what the user set was written", async () => {
            const creating = provider.create(self({ description: "rack 4" }));
            container.hangsAt = 4;
            container.start();
            await until(() => step() === 4 && said(/boot step 4 of 9/).length > 0);
            await container.restart();
            await until(() => step() === 4);
            container.hangsAt = undefined;
            await until(() => row()["description"] === "rack 4");
            await container.restart();
            assert.equal((await creating).state["status"], "Online");
            assert.equal(row()["description"], "rack 4");
            assert.ok(said(/h1 was registered anew: writing again/).length >= 1);
            assert.equal(posts(), 3);
        });

        it("mends, after a refresh, what a restart has set back", async () => {
            const state = await created({ description: "rack 4" });
            await container.restart();
            await until(() => row()["status"] === "Online");
            assert.equal(row()["description"], "Added through api");
            const read = await provider.read("h1", state);
            assert.deepEqual([read.id, read.state["description"]], ["h1", "Added through api"]);
            const wanted = self({ description: "rack 4" });
            assert.equal((await provider.diff("h1", read.state, wanted)).changes, true);
            assert.equal((await provider.update("h1", read.state, wanted))["description"], "rack 4");
            assert.deepEqual([row()["description"], row()["enabled"], posts()], ["rack 4", true, 2]);
        });

        it("updates each property where the release has it", async () => {
            const state = await created();
            sandbox.clearRequests();
            const pool = "00000000-0000-0000-0000-000000000000";
            const wanted = self({ onlyForced: true, sshUser: "root", virtPools: [pool], triggers: [1] });
            const after = await provider.update("h1", state, wanted);
            assert.deepEqual([after["onlyForced"], after["status"]], [true, "Online"]);
            assert.equal(row()["only_forced"], true);
            assert.equal(posts(), 0);
            assert.equal(said(/changed triggers register nothing anew/).length, 1);
            assert.equal((await provider.diff("h1", after, wanted)).changes, false);
        });

        it("disables when the user says so, once the container has enabled it", async () => {
            const state = await created({ enabled: false });
            assert.deepEqual([state["enabled"], row()["enabled"]], [false, false]);
            await until(() => container.log.at(-1) === "Hypervisor ready");
            assert.equal(row()["enabled"], false);
        });

        it("enables what its cfg leaves disabled only when the user says so", async () => {
            const state = await created({}, { HYPER_ENABLED: "false" });
            assert.deepEqual([state["enabled"], row()["enabled"], puts()], [false, false, 0]);
            assert.equal(said(/its container leaves it disabled \(HYPER_ENABLED\)/).length, 1);
            const after = await provider.update("h1", state, self({ enabled: true }));
            assert.deepEqual([after["enabled"], after["status"], posts()], [true, "Online", 1]);
        });

        it("names the step that a boot has reached when the time is up, and goes on later", async () => {
            container.hangsAt = 4;
            container.start();
            const short = { awaitOnline: { timeoutSeconds: 2 } };
            const { message, initError } = await failed(provider.create(self(short)));
            assert.match(message, /after 2 s .*boot step 4 of 9 \(Libvirt startup\)\. Look at libvirtd/);
            assert.equal(initError?.id, "h1");
            container.hangsAt = undefined;
            const after = await provider.update("h1", initError?.properties ?? {}, self());
            assert.deepEqual([after["status"], posts()], ["Online", 1]);
        });

        it("keeps nothing of another host that has taken the id", async () => {
            container.start({ DOMAIN: "h1.example.test" });
            const { message, initError } = await failed(provider.create(self()));
            assert.match(message, /h1\.example\.test/);
            assert.equal(initError, undefined);
            assert.deepEqual(ours(), []);
        });
    });

    describe(`registration "self" on ${generation}, when the container is gone`, () => {
        let sandbox: Sandbox;
        let provider: WarmProvider;
        let state: Values;
        const posts = (): number =>
            sandbox.requests.filter(({ method, path }) => method === "POST" && /\/hypervisor$/.test(path)).length;
        beforeEach(async () => {
            sandbox = await startSandbox({ generation, timeScale: 20, selfRegister: ["h1"] });
            provider = await warmProvider(configOf(sandbox));
            state = (await provider.create(self({ description: "rack 4" }))).state;
        });
        afterEach(async () => {
            await provider.stop();
            await sandbox.stop();
        });

        it("stays in the stack at a refresh, and the next up waits for it", async () => {
            await sandbox.host("h1").container.stop();
            const read = await provider.read("h1", state);
            assert.equal(read.id, "h1");
            assert.equal(read.state["status"], "Offline");
            assert.match(String(read.state["detail"]), /not registered/);
            const wanted = self({ description: "rack 4" });
            assert.equal((await provider.diff("h1", read.state, wanted)).changes, true);
            const updating = provider.update("h1", read.state, wanted);
            sandbox.host("h1").container.start();
            const after = await updating;
            assert.deepEqual([after["status"], after["description"], posts()], ["Online", "rack 4", 2]);
            assert.equal((await provider.diff("h1", after, wanted)).changes, false);
        });

        it("is looked for again at a refresh, for a restart takes its record away for a moment", async () => {
            const { container } = sandbox.host("h1");
            await container.stop();
            const reading = provider.read("h1", state);
            await until(() => provider.lines.some(({ message }) => /h1 is not registered: looking/.test(message)));
            container.start();
            assert.equal((await reading).state["detail"], "");
            await container.stop();
        });

        it("is deleted with its record, or without", async () => {
            await provider.delete("h1", state);
            assert.equal(sandbox.hypervisors.get("h1"), undefined);
            const told = provider.lines.filter(({ message }) => /registers itself again when/.test(message));
            assert.equal(told.length, 1);
            await provider.delete("h1", state);
        });
    });
}
