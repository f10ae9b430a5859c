import { strict as assert } from "node:assert";
import { type Sandbox, startSandbox } from "../../sandbox";
import { configOf, failed, inputs, until } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";

/** Pulumi's info, by its number in the protocol. */
const info = 1;

describe("status lines", () => {
    let sandbox: Sandbox;
    let provider: WarmProvider;
    beforeEach(async () => {
        sandbox = await startSandbox({ timeScale: 100 });
        provider = await warmProvider(configOf(sandbox), { timeScale: 20 });
    });
    afterEach(async () => {
        await provider.stop();
        await sandbox.stop();
    });
    const linesOf = (name: string) => provider.lines.filter(({ urn }) => urn === inputs(name)["__urn"]);

    it("come again and again in a silent wait, and with each progress, on the resource's own line", async () => {
        sandbox.engine.stop();
        const told = (part: string) => linesOf("h1").some(({ message }) => message.includes(part));
        const heartbeats = () => linesOf("h1").filter(({ message }) => /waiting for Online: .* of 900 s/.test(message));
        const creating = failed(provider.create(inputs("h1", { awaitOnline: { timeoutSeconds: 900 } })));
        await until(() => told("status is Offline") && heartbeats().length >= 2);
        sandbox.hypervisors.set("h1", { boot_progress: { step: 3, total: 9, label: "Starting libvirt" } });
        await until(() => told("step 3 of 9 (Starting libvirt)"));
        const before = heartbeats().length;
        await until(() => heartbeats().length > before);
        assert.ok(provider.lines.every(({ ephemeral, severity }) => ephemeral && severity === info));
        assert.deepEqual(provider.lines, linesOf("h1"), "nothing is said elsewhere");
        await provider.cancel();
        await creating;
    });

    it("end with the error, which tells what was seen last", async () => {
        sandbox.engine.stop();
        await provider.create(inputs("h1", { awaitOnline: false }));
        sandbox.hypervisors.set("h1", { boot_progress: { step: 3, total: 9, label: "Starting libvirt" } });
        const { message } = await failed(provider.create(inputs("h1", { awaitOnline: { timeoutSeconds: 13 } })));
        assert.match(message, /after 13 s status is Offline, boot step 3 of 9/);
    });

    it("stand each on the line of its own resource", async () => {
        await Promise.all(["h1", "h2", "h3"].map((name) => provider.create(inputs(name))));
        for (const name of ["h1", "h2", "h3"]) {
            // a line and an answer travel apart, so the last may come after it
            await until(() => /Online/.test(linesOf(name).at(-1)?.message ?? ""));
            const said = linesOf(name).map(({ message }) => message);
            assert.match(said.join("\n"), new RegExp(`registering ${name} at ${name}:2022`));
            assert.ok(!said.some((line) => /registering/.test(line) && !line.includes(name)), said.join("\n"));
        }
        assert.match(provider.output.stdout, /^\d+\n$/, "nothing but the port line");
    });

    it("are not repeated while nothing changes", async () => {
        sandbox.host("h1").revokeEngineKey();
        await failed(provider.create(inputs("h1", { awaitOnline: { timeoutSeconds: 3 } })));
        const said = linesOf("h1").map(({ message }) => message);
        const repeated = said.filter((line, index) => line === said[index - 1]);
        assert.deepEqual(repeated, []);
    });

    it("go nowhere, and break nothing, for a resource that tells no URN", async () => {
        const { __urn: _left, ...program } = inputs("h1");
        const { state } = await provider.create(program);
        assert.equal(state["status"], "Online");
        assert.ok(provider.lines.every(({ urn }) => urn === ""));
    });
});
