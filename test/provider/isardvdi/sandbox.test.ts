import { strict as assert } from "node:assert";
import { openSite } from "../../../provider/isardvdi";
import type { IsardApi, SiteSettings } from "../../../provider/isardvdi/api";
import { systemClock, silentLog } from "../../../provider/world";
import { startSandbox, type Sandbox } from "../../../sandbox";

const call = { signal: new AbortController().signal, log: silentLog };
const registration = {
    hyperId: "h1",
    hostname: "h1",
    sshPort: 2022,
    sshUser: "root",
    capabilities: { disk: true, hypervisor: true },
    onlyForced: false,
    kvmModule: "intel",
    viewer: { staticUrl: "h1", videoUrl: "h1", proxyHyperUrl: "isard-hypervisor", spicePort: 80, html5Port: 443 },
};

for (const generation of ["v4", "v3"] as const) {
    describe(`client against a ${generation} sandbox`, () => {
        let sandbox: Sandbox;
        let api: IsardApi;
        const settings = (change: Partial<SiteSettings> = {}): SiteSettings => ({
            name: "default",
            apiUrl: sandbox.apiUrl,
            credentials: { kind: "secret", apiSecret: sandbox.apiSecret, apiSecretKid: "isardvdi" },
            insecureSkipTlsVerify: false,
            apiGeneration: "auto",
            ...change,
        });
        before(async () => {
            sandbox = await startSandbox({ generation, timeScale: 50 });
            api = await openSite(settings(), { clock: systemClock, signal: call.signal });
        });
        after(() => sandbox.stop());

        it("finds the generation by itself", () => assert.equal(api.generation, generation));
        it("refuses a generation that the server does not speak", async () => {
            const other = generation === "v3" ? "v4" : "v3";
            await assert.rejects(
                openSite(settings({ apiGeneration: other }), { clock: systemClock, signal: call.signal }),
                {
                    code: "wrong-generation",
                    property: "isardvdi:apiGeneration",
                },
            );
        });
        it("finds nothing where there is nothing", async () => {
            assert.equal(await api.find("h1", call), undefined);
            assert.equal(await api.findListed("h1", call), undefined);
            assert.equal(await api.desktopsStarted("h1", call), 0);
        });
        it("registers, and reads back what it sent", async () => {
            const answer = await api.register(registration, call);
            assert.equal(answer.mode, "wireguard+geneve");
            assert.match(answer.enginePublicKey ?? "", /^(ssh-|ecdsa-)/);
            const found = await api.find("h1", call);
            assert.equal(found?.hostname, "h1");
            assert.equal(found?.sshPort, 2022);
            assert.equal(found?.enabled, false);
            assert.deepEqual(await api.findListed("h1", call).then((each) => each?.hyperId), "h1");
            assert.equal(sandbox.hypervisors.get("h1")?.["port"], "2022");
        });
        it("enables and disables", async () => {
            await api.setEnabled("h1", true, call);
            assert.equal(sandbox.hypervisors.get("h1")?.["enabled"], true);
            await api.setEnabled("h1", false, call);
            assert.equal(sandbox.hypervisors.get("h1")?.["enabled"], false);
        });
        it("changes fields in the row's own types", async () => {
            await api.change("h1", { sshPort: 2023, minFreeGpuMemGb: 4, viewer: { spicePort: 81 } }, call);
            const row = sandbox.hypervisors.get("h1");
            assert.equal(row?.["port"], "2023");
            assert.equal(row?.["min_free_gpu_mem_gb"], 4);
            assert.equal((row?.["viewer"] as { spice_ext_port?: string }).spice_ext_port, "81");
            assert.equal((row?.["viewer"] as { static?: string }).static?.startsWith("h1"), true);
        });
        it("makes the pools what it is told", async () => {
            await api.setVirtPools("h1", ["a", "b"], call);
            assert.deepEqual((await api.find("h1", call))?.virtPools.sort(), ["a", "b"]);
            await api.setVirtPools("h1", ["b"], call);
            assert.deepEqual((await api.find("h1", call))?.virtPools, ["b"]);
        });
        it("registers VLANs where the release has them", async () => {
            if (generation === "v4") {
                await api.registerVlans([10, 20], call);
                assert.deepEqual(await api.vlans(call), [10, 20]);
            } else {
                await assert.rejects(api.registerVlans([10], call), { code: "unsupported" });
            }
        });
        it("takes the engine's own word alone for its running", async () => {
            assert.equal(await api.engineRuns(call), true);
            for (const [fault, known] of [
                [{ kind: "status", status: 428, body: "Engine is not running" }, false],
                [{ kind: "status", status: 503, body: "" }, false],
                [{ kind: "status", status: 403, body: {} }, undefined],
                [{ kind: "status", status: 200, body: "<html>Welcome</html>" }, undefined],
            ] as const) {
                const lift = sandbox.fault({ ...fault, match: /engine\/status/ });
                assert.equal(await api.engineRuns(call), known, JSON.stringify(fault));
                lift();
            }
        });
        it("says that the SSH port does not answer", async () => {
            await assert.rejects(api.register({ ...registration, hyperId: "h9", sshPort: 2999 }, call), {
                code: "ssh-unreachable",
                property: "hostname",
            });
        });
        it("deletes, and an unknown id is no error", async () => {
            await api.remove("h1", call);
            assert.equal(sandbox.hypervisors.get("h1"), undefined);
            await api.remove("h1", call);
        });
        it("works with a login session", async () => {
            const { username, password, category } = sandbox.admin;
            const other = await openSite(settings({ credentials: { kind: "login", username, password, category } }), {
                clock: systemClock,
                signal: call.signal,
            });
            const before = sandbox.requests.length;
            await Promise.all([other.list(call), other.find("h1", call), other.list(call)]);
            const logins = sandbox.requests
                .slice(before)
                .filter(({ path }) => path.startsWith("/authentication/login"));
            assert.equal(logins.length, 1);
        });
        it("names a wrong password and a wrong secret", async () => {
            const { username, category } = sandbox.admin;
            const wrongPassword = await openSite(
                settings({ credentials: { kind: "login", username, password: "wrong", category } }),
                { clock: systemClock, signal: call.signal },
            );
            await assert.rejects(wrongPassword.list(call), { code: "unauthorized", property: "isardvdi:username" });
            const wrongSecret = await openSite(
                settings({ credentials: { kind: "secret", apiSecret: "wrong", apiSecretKid: "isardvdi" } }),
                { clock: systemClock, signal: call.signal },
            );
            await assert.rejects(
                wrongSecret.list(call),
                (error: Error) => /apiSecret/.test(error.message) && !error.message.includes("wrong secret"),
            );
        });
    });
}
