import { strict as assert } from "node:assert";
import { type Sandbox, startSandbox } from "../../sandbox";
import { configOf, failed, inputs, until, writes } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";
import type { Values } from "./harness/rpc";
import { urnOf } from "./harness/urn";
import { calls } from "./properties/table";

for (const generation of ["v4", "v3"] as const) {
    describe(`a hypervisor's life on ${generation}`, () => {
        let sandbox: Sandbox;
        let provider: WarmProvider;
        const { register, disable, patch } = calls;
        beforeEach(async () => {
            sandbox = await startSandbox({ generation, timeScale: 100 });
            provider = await warmProvider(configOf(sandbox));
        });
        afterEach(async () => {
            await provider.stop();
            await sandbox.stop();
        });
        const row = () => sandbox.hypervisors.get("h1");

        it("is registered, enabled, and Online", async () => {
            const { id, state } = await provider.create(inputs("h1"));
            // enabled and marked as this resource's by one write
            assert.deepEqual(writes(sandbox), [register[generation], patch[generation]]);
            assert.match(String(row()?.["pulumi_owner"]), /^[0-9a-f]{12} urn:pulumi:.*::h1$/);
            assert.equal(id, "h1");
            assert.equal(row()?.["status"], "Online");
            const { status, apiGeneration, hostname, sshPort, enabled } = state;
            assert.deepEqual(
                [status, apiGeneration, hostname, sshPort, enabled],
                ["Online", generation, "h1", 2022, true],
            );
            assert.equal(state["statusTime"], row()?.["status_time"]);
        });

        it("is handed over to a resource of its name that is made first, and its own deletion leaves it", async () => {
            const { state } = await provider.create(inputs("h1"));
            const next = await provider.create(inputs("h1"));
            assert.notEqual(next.state["__owner"], state["__owner"]);
            sandbox.clearRequests();
            await provider.delete("h1", state);
            assert.deepEqual(writes(sandbox), []);
            assert.equal(row()?.["status"], "Online");
            const { state: read } = await provider.read("h1", next.state);
            assert.equal((await provider.diff("h1", read, inputs("h1"))).changes, false);
            await provider.delete("h1", read);
            assert.equal(row(), undefined);
        });

        it("belongs to one resource: another name is told whose it is, and takes it over when told to", async () => {
            const { state } = await provider.create(inputs("h1"));
            const other = inputs("h1", { __urn: urnOf("Hypervisor", "other") });
            const { message } = await failed(provider.create(other));
            assert.match(message, /it belongs to urn:.*Hypervisor::h1\. .*aliases.*set adopt to true/);
            const taken = await provider.create({ ...other, adopt: true, description: "mine" });
            assert.match(
                (await failed(provider.update("h1", state, inputs("h1", { description: "x" })))).message,
                /belongs/,
            );
            await provider.delete("h1", state);
            assert.equal(row()?.["description"], "mine");
            await provider.delete("h1", taken.state);
            assert.equal(row(), undefined);
        });

        it("that nobody is said to have is the one's that takes it over, and left by an earlier resource's deletion", async () => {
            const { state } = await provider.create(inputs("h1"));
            const { __owner: _none, ...old } = state;
            sandbox.hypervisors.set("h1", { pulumi_owner: undefined });
            // a row of before 0.2, and the same resource made first, or moved without aliases
            for (const urn of [urnOf("Hypervisor", "h1"), urnOf("Hypervisor", "moved")]) {
                sandbox.hypervisors.set("h1", { pulumi_owner: "" });
                sandbox.clearRequests();
                const next = await provider.create(inputs("h1", { __urn: urn }));
                assert.deepEqual(writes(sandbox), [patch[generation]]);
                await provider.delete("h1", old);
                assert.equal(row()?.["status"], "Online");
                assert.equal(row()?.["pulumi_owner"], `${String(next.state["__owner"])} ${urn}`);
            }
        });

        it("that is not to be enabled says whose it is as well", async () => {
            await provider.create(inputs("h1", { enabled: false, awaitOnline: false }));
            assert.deepEqual(writes(sandbox), [register[generation], patch[generation]]);
            assert.match(String(row()?.["pulumi_owner"]), /^[0-9a-f]{12} urn:.*::h1$/);
        });

        it("of another is not written among many that are asked for by one list, which shows no owners", async () => {
            const ids = ["a1", "b2", "c3", "d4", "e5", "f6"];
            const as = (id: string, more: Values = {}): Values =>
                inputs("h1", {
                    hyperId: id,
                    __urn: urnOf("Hypervisor", id),
                    enabled: false,
                    awaitOnline: false,
                    ...more,
                });
            const states = await Promise.all(ids.map(async (id) => (await provider.create(as(id))).state));
            const theirs = "0123456789ab urn:pulumi:other::p::pulumi-nodejs:dynamic/isardvdi:Hypervisor::x";
            for (const id of ids) sandbox.hypervisors.set(id, { pulumi_owner: theirs });
            const updated = await Promise.all(
                ids.map((id, at) =>
                    failed(provider.update(id, states[at] ?? {}, as(id, { description: "mine", adopt: true }))),
                ),
            );
            for (const { message } of updated) {
                assert.match(message, /it belongs to urn:pulumi:other::.*pulumi-isardvdi release/);
                assert.doesNotMatch(message, /adopt/);
            }
            for (const id of ids) assert.equal(sandbox.hypervisors.get(id)?.["pulumi_owner"], theirs);
        });

        it("of a state of before 0.2 is its own by its name, and marked with the next write", async () => {
            const { state } = await provider.create(inputs("h1"));
            const { __owner: _none, ...old } = state;
            sandbox.hypervisors.set("h1", { pulumi_owner: undefined });
            assert.equal((await provider.diff("h1", old, inputs("h1"))).changes, false);
            await provider.update("h1", old, inputs("h1", { description: "rack 5" }));
            assert.match(String(row()?.["pulumi_owner"]), /^[0-9a-f]{12} urn:/);
            await provider.delete("h1", old);
            assert.equal(row(), undefined);
        });

        it("has nothing to do the second time, nor after a refresh", async () => {
            const program = inputs("h1", { description: "rack 4", viewer: { spicePort: 8080 } });
            const { state } = await provider.create(program);
            assert.deepEqual(await provider.check(state, program), { inputs: program, failures: [] });
            assert.equal((await provider.diff("h1", state, program)).changes, false);
            const { state: read } = await provider.read("h1", state);
            assert.equal((await provider.diff("h1", read, program)).changes, false);
            assert.deepEqual(read, state);
        });

        it("has drift in what the program sets repaired, and the rest left alone", async () => {
            const program = inputs("h1", { description: "rack 4" });
            const { state } = await provider.create(program);
            sandbox.hypervisors.set("h1", { description: "by hand", min_free_mem_gb: 7, destroy_time: "2030-01-01" });
            const { state: read } = await provider.read("h1", state);
            assert.deepEqual([read["description"], read["minFreeMemGb"]], ["by hand", 7]);
            assert.equal((await provider.diff("h1", read, program)).changes, true);
            sandbox.clearRequests();
            const mended = await provider.update("h1", read, program);
            assert.deepEqual(writes(sandbox), [patch[generation]]);
            assert.equal((await provider.diff("h1", mended, program)).changes, false);
            const { description, min_free_mem_gb, destroy_time } = row() ?? {};
            assert.deepEqual([description, min_free_mem_gb, destroy_time], ["rack 4", 7, "2030-01-01"]);
        });

        it("is drained, disabled and deleted, in this order", async () => {
            const { state } = await provider.create(inputs("h1"));
            sandbox.host("h1").desktops = 2;
            sandbox.clearRequests();
            const deleting = provider.delete("h1", state);
            await until(() => provider.lines.some(({ message }) => /2 desktops/.test(message)));
            assert.deepEqual([row()?.["only_forced"], row()?.["enabled"]], [true, true]);
            assert.deepEqual(writes(sandbox), [patch[generation]], "until the desktops have stopped");
            sandbox.host("h1").desktops = 0;
            await deleting;
            assert.equal(row(), undefined);
            const [first, second, third, ...more] = writes(sandbox);
            assert.deepEqual([first, second, more], [patch[generation], disable[generation], []]);
            assert.match(third ?? "", /^DELETE .*hypervisor\/h1$/);
            await provider.delete("h1", state);
        });

        it("stays, and takes desktops again, when a drain is cancelled", async () => {
            const { state } = await provider.create(inputs("h1"));
            sandbox.host("h1").desktops = 2;
            const deleting = failed(provider.delete("h1", state));
            await until(() => row()?.["only_forced"] === true);
            await until(() => provider.lines.some(({ message }) => /2 desktops/.test(message)));
            sandbox.clearRequests();
            await provider.cancel();
            assert.match((await deleting).message, /cancelled.*Nothing was deleted/);
            const after = sandbox.requests.map(({ method }) => method);
            assert.deepEqual(after, ["PUT"], "nobody looks again: the cordon is taken back, and that is all");
            assert.deepEqual([row()?.["only_forced"], row()?.["enabled"]], [false, true]);
        });

        it("is not registered anew while desktops run there, and stays as it was when they do not stop in time", async () => {
            const { state } = await provider.create(inputs("h1"));
            sandbox.host("h1").desktops = 1;
            sandbox.clearRequests();
            const anew = inputs("h1", { triggers: ["new key"], deletion: { timeoutSeconds: 1 } });
            const { message, initError } = await failed(provider.update("h1", state, anew));
            assert.match(message, /1 desktops were still running after 1 s.*Nothing was registered anew/);
            assert.deepEqual([row()?.["only_forced"], row()?.["enabled"], row()?.["status"]], [false, true, "Online"]);
            assert.deepEqual(new Set(writes(sandbox)), new Set([patch[generation]]));
            sandbox.host("h1").desktops = 0;
            const after = await provider.update("h1", initError?.properties ?? state, anew);
            assert.deepEqual([after["triggers"], after["status"]], [["new key"], "Online"]);
            assert.ok(writes(sandbox).includes(register[generation]), writes(sandbox).join());
        });

        it("is kept when its registration's answer was lost, and goes on from there", async () => {
            sandbox.fault({ match: /^POST .*\/hypervisor$/, kind: "drop", after: true, times: 1 });
            const { initError, message } = await failed(provider.create(inputs("h1")));
            assert.ok(row(), "the server has written it");
            assert.equal(initError?.id, "h1", message);
            const updated = await provider.update("h1", initError?.properties ?? {}, inputs("h1"));
            assert.deepEqual([updated["status"], row()?.["status"]], ["Online", "Online"]);
            assert.equal((await provider.diff("h1", updated, inputs("h1"))).changes, false);
        });

        it("is taken over, and only marked anew, when it is there already with our hostname", async () => {
            const { state } = await provider.create(inputs("h1"));
            sandbox.clearRequests();
            const { state: again } = await provider.create(inputs("h1"));
            assert.deepEqual(writes(sandbox), [patch[generation]]);
            assert.equal(again["statusTime"], state["statusTime"]);
        });

        it("is not taken from somebody else without adopt", async () => {
            await provider.create(inputs("h1"));
            sandbox.clearRequests();
            const mine = inputs("h1", { hostname: "h2" });
            const { message, initError } = await failed(provider.create(mine));
            assert.match(
                message,
                /has one with this id already, with hostname h1\. Choose another hyperId, or set adopt/,
            );
            assert.equal(initError, undefined, "what is not ours is not kept");
            assert.deepEqual(writes(sandbox), []);
            await provider.create({ ...mine, adopt: true });
            assert.equal(row()?.["hostname"], "h2");
        });
    });
}
