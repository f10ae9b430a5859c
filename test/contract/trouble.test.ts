import { strict as assert } from "node:assert";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Sandbox, startSandbox } from "../../sandbox";
import { signToken } from "../../sandbox/auth/jwt";
import { configOf, failed, gate, inputs, until, writes } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";

describe("a server that takes connections and never answers", () => {
    it("is waited for with a word, and not after the run was cancelled", async () => {
        const server = createServer(() => undefined);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        const apiUrl = `http://127.0.0.1:${port}`;
        const config = { "isardvdi:apiUrl": apiUrl, "isardvdi:apiToken": "token" };
        const provider = await warmProvider(config, { timeScale: 20 });
        try {
            const creating = failed(provider.create(inputs("h1")));
            const isSaid = () =>
                provider.lines.some(({ message }) => /^waiting for the site's API \(\d+ s\)$/.test(message));
            await until(isSaid);
            await provider.cancel();
            assert.match((await creating).message, /the run was cancelled\. Nothing was changed\./);
        } finally {
            await provider.stop();
            server.close();
        }
    });
});

describe("trouble on the server", () => {
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
    const row = () => sandbox.hypervisors.get("h1");
    const said = (wanted: RegExp) => provider.lines.filter(({ message }) => wanted.test(message));

    it("a row that breaks the list: each is read by itself, at once, and one warning says so", async () => {
        const { state } = await provider.create(inputs("h1"));
        const { state: other } = await provider.create(inputs("h2"));
        sandbox.hypervisors.set("broken", { id: "broken", port: 2022 });
        sandbox.clearRequests();
        const [read] = await Promise.all([provider.read("h1", state), provider.read("h2", other)]);
        assert.equal(read.state["status"], "Online");
        const lists = sandbox.requests.filter(({ path }) => /\/items\/hypervisors$/.test(path));
        assert.equal(lists.length, 1, "the list is not asked for again and again");
        assert.equal(said(/cannot list its hypervisors/).length, 1);
    });

    it("a registration that failed: the next up goes on with it, also after a refresh", async () => {
        const repaired = sandbox.fault({ match: /^POST .*hypervisor$/, kind: "status", status: 500, after: true });
        const { initError } = await failed(provider.create(inputs("h1")));
        repaired();
        assert.ok(initError);
        // Pulumi forgets with a refresh that the create has failed
        const { state } = await provider.read("h1", initError.properties);
        const { inputs: wanted } = await provider.check(initError.properties, inputs("h1"));
        assert.equal((await provider.diff("h1", state, wanted)).changes, true);
        const done = await provider.update("h1", state, wanted);
        assert.equal(row()?.["status"], "Online");
        assert.equal((await provider.diff("h1", done, wanted)).changes, false);
    });

    it("an answer that is cut off: the hypervisor is not taken for gone", async () => {
        const { state } = await provider.create(inputs("h1"));
        sandbox.fault({ match: /^GET .*hypervisor/, kind: "badjson", times: 2 });
        assert.equal((await provider.read("h1", state)).id, "h1");
    });

    it("an API that is slow: every wait for it says so", async () => {
        const { state } = await provider.create(inputs("h1"));
        const answer = gate();
        sandbox.fault({ match: /^DELETE /, kind: "slow", until: answer.opened, times: 1 });
        const deleting = provider.delete("h1", state);
        await until(() => said(/^waiting for the server to delete hypervisor "h1" \(\d+ s\)$/).length > 0);
        answer.open();
        await deleting;
        assert.equal(row(), undefined);
    });

    it("a drain that is cancelled while it cordons takes the cordon back", async () => {
        const { state } = await provider.create(inputs("h1"));
        sandbox.host("h1").desktops = 2;
        const answer = gate();
        sandbox.fault({ match: /table\/update/, kind: "slow", until: answer.opened, times: 1, after: true });
        const deleting = failed(provider.delete("h1", state));
        await until(() => row()?.["only_forced"] === true);
        await provider.cancel();
        answer.open();
        assert.match((await deleting).message, /cancelled/);
        assert.equal(row()?.["only_forced"], false);
    });

    it("an id that is somebody else's: not even its VLANs are made known", async () => {
        await provider.create(inputs("h1"));
        sandbox.clearRequests();
        await failed(provider.create(inputs("h1", { hostname: "h2", vlans: [30] })));
        assert.deepEqual(writes(sandbox), []);
    });

    it("an orchestrator that manages the hypervisor: a warning, for it deletes what is not Online", async () => {
        const { state } = await provider.create(inputs("h1"));
        sandbox.hypervisors.set("h1", { orchestrator_managed: true });
        await provider.update("h1", state, inputs("h1", { description: "rack 4" }));
        assert.equal(said(/managed by IsardVDI's orchestrator/).length, 1);
    });

    it("a container that registers itself is waited for, and nothing is written for it but whose it is", async () => {
        const creating = provider.create(inputs("h1", { registration: "self" }));
        await until(() => said(/waiting for h1 to register itself/).length > 0);
        // a failing API in between ends no wait
        sandbox.fault({ match: /orchestrator/, kind: "status", status: 503, times: 1 });
        const container = async (method: string, path: string, body: unknown): Promise<void> => {
            const claims = {
                kid: "isardvdi-hypervisors",
                session_id: "isardvdi-service",
                exp: Math.floor(Date.now() / 1000) + 20,
                data: { role_id: "hypervisor", category_id: "default", user_id: "h1" },
            };
            const headers = {
                "content-type": "application/json",
                authorization: `Bearer ${signToken(claims, sandbox.hypervisorsSecret)}`,
            };
            const url = `${sandbox.apiUrl}/api/v4/admin/item/${path}`;
            const { status } = await fetch(url, { method, headers, body: JSON.stringify(body) });
            assert.equal(status, 200);
        };
        await container("POST", "hypervisor", { hyper_id: "h1", hostname: "h1", port: "2022", kvm_module: "intel" });
        await container("PUT", "hypervisor/h1", { enabled: true });
        assert.equal((await creating).state["status"], "Online");
        assert.deepEqual(writes(sandbox), [
            "POST admin/item/hypervisor",
            "PUT admin/item/hypervisor/h1",
            "PUT admin/item/table/update/hypervisors",
        ]);
        assert.match(String(sandbox.hypervisors.get("h1")?.["pulumi_owner"]), /^[0-9a-f]{12} urn:/);
    });
});
