import { strict as assert } from "node:assert";
import { type Sandbox, startSandbox } from "../../sandbox";
import { configOf, failed, inputs, until } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";

const changefeed = { awaitOnline: { source: "changefeed", timeoutSeconds: 60 } };

for (const generation of ["v4", "v3"] as const) {
    describe(`the change feed on ${generation}`, () => {
        let sandbox: Sandbox;
        let provider: WarmProvider;
        beforeEach(async () => {
            sandbox = await startSandbox({ generation, rethinkdbPort: 0, timeScale: 100 });
            sandbox.engine.stop();
        });
        afterEach(async () => {
            await provider.stop();
            await sandbox.stop();
        });
        const start = async (more: object = {}): Promise<void> => {
            const { host, port } = sandbox.rethinkdb ?? {};
            const rethinkdb = JSON.stringify({ host, port, ...more });
            provider = await warmProvider({ ...configOf(sandbox), "isardvdi:rethinkdb": rethinkdb });
        };
        const write = (id: string, at: number): void =>
            sandbox.hypervisors.set(id, { status: "Online", detail: "", status_time: at });

        it("lets a create end by the engine's write alone, while the API answers nobody", async () => {
            await start();
            for (const name of ["h1", "h2", "h3"]) {
                const creating = provider.create(inputs(name, changefeed));
                await until(() => sandbox.rethinkdb?.feeds === 1);
                const mend = sandbox.fault({ kind: "status", status: 503 });
                write(name, 7);
                assert.equal((await creating).state["status"], "Online");
                mend();
                // the next one's feed is told from this one's by that
                await until(() => sandbox.rethinkdb?.feeds === 0);
            }
        });

        it("is one for all that wait, and is closed when none does", async () => {
            await start();
            const names = ["h1", "h2", "h3"];
            const creating = Promise.all(names.map((name) => provider.create(inputs(name, changefeed))));
            await until(() => names.every((name) => sandbox.hypervisors.get(name)?.["enabled"] === true));
            await until(() => sandbox.rethinkdb?.feeds === 1);
            for (const name of names) write(name, 7);
            await creating;
            assert.equal(sandbox.rethinkdb?.accepted, 1);
            await until(() => sandbox.rethinkdb?.connections === 0);
        });

        it("keeps the hypervisor when it is refused, and the next run goes on by the API", async () => {
            await start({ password: "hunter2" });
            const { message, initError } = await failed(provider.create(inputs("h1", changefeed)));
            assert.match(message, /Wrong password\. Correct user and password in isardvdi:rethinkdb\./);
            assert.ok(!/hunter2|\n/.test(message), message);
            assert.equal(initError?.id, "h1");
            const updating = provider.update("h1", initError?.properties ?? {}, inputs("h1"));
            await until(() => provider.lines.some(({ message: line }) => /The change feed cannot be used/.test(line)));
            write("h1", 7);
            assert.equal((await updating)["status"], "Online");
            const warnings = provider.lines.filter(({ message: line }) => /The change feed cannot be used/.test(line));
            assert.deepEqual([warnings.length, warnings[0]?.ephemeral], [1, false]);
            assert.equal(provider.output.stderr, "");
        });

        it("is left by a cancelled wait", async () => {
            await start();
            const creating = failed(provider.create(inputs("h1", changefeed)));
            await until(() => sandbox.rethinkdb?.feeds === 1);
            await provider.cancel();
            const { initError } = await creating;
            assert.equal(initError?.id, "h1");
            await until(() => sandbox.rethinkdb?.connections === 0);
        });
    });
}
