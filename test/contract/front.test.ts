import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { startSandbox, type Sandbox } from "../../sandbox";
import { reference } from "../../sdk/reference";
import { toolchain } from "../toolchain";
import { configOf, failed, inputs, until, writes } from "./harness/hypervisor";
import { type Provider, startProvider } from "./harness/provider";
import type { RpcError } from "./harness/rpc";
import { warmProvider, type WarmProvider } from "./harness/warm";

/** A create whose wait for Online cannot end by itself, and that has looked at the record just now. */
async function waiting(sandbox: Sandbox, provider: WarmProvider | Provider): Promise<{ creating: Promise<RpcError> }> {
    sandbox.host("h1").revokeEngineKey();
    const creating = failed(provider.create(inputs("h1")));
    await until(() => provider.lines.some(({ message }) => /Offline|Error/.test(message)));
    const before = looks(sandbox);
    await until(() => looks(sandbox) > before + 1);
    sandbox.clearRequests();
    return { creating };
}

/** So many times the row was read. */
const looks = ({ requests }: Sandbox): number => requests.filter(({ path }) => /\/table\//.test(path)).length;

describe("the dynamic front", () => {
    let sandbox: Sandbox;
    let provider: WarmProvider;
    beforeEach(async () => {
        sandbox = await startSandbox({ timeScale: 100 });
        provider = await warmProvider(configOf(sandbox));
    });
    afterEach(async () => {
        await provider.stop();
        await sandbox.stop();
    });

    it("has a __provider of at most 200 bytes, which are a contract", () => {
        assert.equal(reference("hypervisor"), 'exports.handler=()=>require("pulumi-isardvdi/provider").hypervisor');
        assert.ok(Buffer.byteLength(reference("hypervisor")) <= 200);
    });

    it("loads neither zod, undici, jose, ssh2 nor ssh-config before it is asked for something", () => {
        const program = 'require("./dist/provider"); console.log(Object.keys(require.cache).join("\\n"))';
        const loaded = execFileSync(toolchain().node, ["-e", program, "script", "script"], {
            cwd: join(__dirname, "..", ".."),
            encoding: "utf8",
            timeout: 20_000,
        });
        assert.doesNotMatch(
            loaded,
            /node_modules\/(zod|undici|jose|ssh2|ssh-config|rethinkdb-ts|fastest-levenshtein)\//,
        );
    });

    it("keeps __provider in a create that failed half-way, which can then be read, updated and deleted", async () => {
        sandbox.host("h1").revokeEngineKey();
        const { initError, message } = await failed(
            provider.create(inputs("h1", { awaitOnline: { timeoutSeconds: 1 } })),
        );
        assert.ok(initError, message);
        assert.equal(initError.id, "h1");
        assert.equal(initError.properties["__provider"], reference("hypervisor"));
        assert.deepEqual(initError.reasons, [message]);
        assert.match(message, /^Unable to bring Online hypervisor "h1": after 1 s status is .*\. .*next pulumi up/);

        const read = await provider.read("h1", initError.properties);
        assert.equal(read.state["hostname"], "h1");
        sandbox.host("h1").trustEngineKey();
        sandbox.clearRequests();
        const updated = await provider.update("h1", read.state, inputs("h1"));
        assert.equal(updated["status"], "Online");
        assert.deepEqual(writes(sandbox), [], "a registration that went through is not repeated");
        await provider.delete("h1", updated);
        assert.equal(sandbox.hypervisors.get("h1"), undefined);
    });

    it("keeps __provider in an update that failed half-way", async () => {
        const { state } = await provider.create(inputs("h1"));
        sandbox.host("h1").revokeEngineKey();
        const { initError } = await failed(
            provider.update("h1", state, inputs("h1", { sshUser: "isard", awaitOnline: { timeoutSeconds: 1 } })),
        );
        assert.equal(initError?.properties["__provider"], reference("hypervisor"));
        assert.equal(initError?.properties["sshUser"], "isard", "the state is what the server has");
        await provider.delete("h1", initError?.properties ?? {});
        assert.equal(sandbox.hypervisors.get("h1"), undefined);
    });

    it("ends a wait at the Cancel request, before the next look, with what exists in the state", async () => {
        const { creating } = await waiting(sandbox, provider);
        await provider.cancel();
        const { initError, message } = await creating;
        assert.deepEqual(sandbox.requests, []);
        assert.equal(initError?.id, "h1");
        assert.match(message, /cancelled/);
    });

    it("ends the wait of an update likewise, and the next one goes on from there", async () => {
        const { state } = await provider.create(inputs("h1"));
        const program = inputs("h1", { triggers: [1] });
        sandbox.host("h1").revokeEngineKey();
        const updating = failed(provider.update("h1", state, program));
        await until(() => sandbox.hypervisors.get("h1")?.["status"] === "Error");
        await provider.cancel();
        const { initError } = await updating;
        assert.equal(initError?.properties["__provider"], reference("hypervisor"));

        sandbox.host("h1").trustEngineKey();
        await provider.stop();
        provider = await warmProvider(configOf(sandbox));
        sandbox.clearRequests();
        const updated = await provider.update("h1", initError?.properties ?? {}, program);
        assert.equal(updated["status"], "Online");
        assert.deepEqual(writes(sandbox), [], "what was sent before the cancellation is not sent again");
    });

    it("speaks on the resource's own line, and nowhere else", async () => {
        await provider.create(inputs("h1"));
        const urn = inputs("h1")["__urn"];
        const status = provider.lines.filter(({ ephemeral }) => ephemeral);
        assert.ok(status.length > 0);
        assert.ok(status.every((line) => line.urn === urn));
        assert.match(status.map(({ message }) => message).join("\n"), /registering h1 at h1:2022[^]*Online/);
        assert.match(provider.output.stdout, /^\d+\n$/, "nothing but the port line");
        assert.equal(provider.output.stderr, "");
    });

    it("prints no stack and no second copy of a user's mistake", async () => {
        const { message } = await failed(provider.read("h1", { ...inputs("h1"), site: "nowhere" }));
        assert.match(message, /the site "nowhere"/);
        assert.equal(provider.output.stderr, "");
    });

    it("reads a resource that is gone as gone", async () => {
        const { state } = await provider.create(inputs("h1"));
        sandbox.hypervisors.delete("h1");
        await until(() => sandbox.hypervisors.get("h1") === undefined);
        // in another run, for the list of this one may still be young
        await provider.stop();
        provider = await warmProvider(configOf(sandbox));
        assert.equal((await provider.read("h1", state)).id, "");
    });
});

describe("the dynamic front of a process of its own", () => {
    let sandbox: Sandbox;
    let provider: Provider;
    before(async () => {
        sandbox = await startSandbox({ timeScale: 100 });
    });
    after(() => sandbox.stop());
    afterEach(() => provider.stop());

    it("is configured for every one of many first calls, and exits on SIGINT when nothing is under way", async () => {
        provider = await startProvider(configOf(sandbox));
        const names = ["h1", "h2", "h3"];
        const states = await Promise.all(names.map((name) => provider.create(inputs(name))));
        assert.deepEqual(
            states.map(({ state }) => [state["status"], state["__provider"]]),
            names.map(() => ["Online", reference("hypervisor")]),
        );
        provider.kill("SIGINT");
        assert.equal(await provider.exited, 0);
        names.forEach((name) => sandbox.hypervisors.delete(name));
    });

    it("ends a wait at SIGINT, before the next look, sends its answer, and exits", async () => {
        provider = await startProvider(configOf(sandbox));
        const { creating } = await waiting(sandbox, provider);
        provider.kill("SIGINT");
        const { initError } = await creating;
        assert.deepEqual(sandbox.requests, []);
        assert.equal(initError?.properties["hyperId"], "h1");
        assert.equal(await provider.exited, 0);
    });
});
