import assert from "node:assert/strict";
import { HYPERVISOR, rig, type Rig } from "./client";

const API = "/api/v4/admin";

describe("sandbox v4: the API's words", () => {
    let site: Rig;
    beforeEach(async () => {
        site = await rig({ timeScale: 50 });
    });
    afterEach(() => site.sandbox.stop());

    it("shows its root document, and web pages for the other generation's paths", async () => {
        const { call } = site;
        assert.equal((await call("GET", "/api/v4/", undefined, {})).row.api_version, "4.0-alpha1");
        assert.equal((await call("GET", "/api/v4", undefined, {})).status, 307);
        const page = await call("GET", "/api/v3/hypervisors");
        assert.deepEqual([page.status, page.type], [200, "text/html"]);
        assert.equal((await call("POST", "/api/v3/hypervisor", {})).status, 405);
        assert.deepEqual((await call("GET", `${API}/nothing`)).body, { detail: "Not Found" });
        assert.deepEqual((await call("GET", `${API}/item/hypervisor/hyper-1`)).body, { detail: "Method Not Allowed" });
    });

    it("validates a registration's types and nothing else", async () => {
        const { call, row } = site;
        const wrong = await call("POST", `${API}/item/hypervisor`, { ...HYPERVISOR, port: 2022 });
        assert.equal(wrong.status, 400);
        assert.equal(wrong.row.description_code, "validation_error");
        assert.equal(wrong.row.description, "Request validation failed: body.port: Input should be a valid string");
        const form = await call("POST", `${API}/item/hypervisor`, new URLSearchParams(HYPERVISOR));
        assert.deepEqual([form.status, form.row.error], [400, "validation_error"]);
        const odd = {
            ...HYPERVISOR,
            cap_disk: "false",
            min_free_mem_gb: "7",
            enabled: true,
            vpn_tunneling_mode: "geneve",
        };
        assert.equal((await call("POST", `${API}/item/hypervisor`, odd)).status, 200);
        assert.deepEqual(row("hyper-1")?.capabilities, { disk_operations: false, hypervisor: true });
        assert.deepEqual([row("hyper-1")?.min_free_mem_gb, row("hyper-1")?.enabled], [7, false]);
        assert.ok(!("vpn_tunneling_mode" in (row("hyper-1") ?? {})));
    });

    it("answers each unreachable hostname in its own way: no new row, and one that was there disabled as it was", async () => {
        const { call, row, sandbox, until } = site;
        const tried = (hostname: string): Promise<{ status: number; row: Record<string, unknown> }> =>
            call("POST", `${API}/item/hypervisor`, { ...HYPERVISOR, hostname });
        const unknown = await tried("nowhere");
        assert.deepEqual([unknown.status, unknown.row.description], [400, "DNS resolution failed for nowhere"]);
        const loop = await tried("127.0.0.1");
        assert.equal(loop.row.description, "Hostname 127.0.0.1 resolves to loopback/link-local");
        sandbox.host("h1").closeSsh();
        const closed = await tried("h1");
        assert.deepEqual([closed.status, closed.row.description], [404, "Unable to ssh-keyscan"]);
        assert.equal(row("hyper-1"), undefined);
        sandbox.host("h1").openSsh();
        assert.equal((await tried("h1.example.test")).status, 200);
        sandbox.hypervisors.set("hyper-1", {
            enabled: true,
            status: "Online",
            stats: { time: 1 },
            orchestrator_managed: true,
        });
        await sandbox.clock.pass(1);
        await tried("nowhere");
        await until("Offline", () => row("hyper-1")?.status === "Offline");
        assert.deepEqual([row("hyper-1")?.hostname, row("hyper-1")?.enabled], ["h1.example.test", false]);
        assert.equal(row("hyper-1")?.orchestrator_managed, true);
    });

    it("lists rows in its own columns, and no list at all when one row does not fit", async () => {
        const { call, sandbox } = site;
        await call("POST", `${API}/item/hypervisor`, HYPERVISOR);
        sandbox.host("h1").desktops = 3;
        sandbox.hypervisors.set("hyper-1", { destroy_time: "never" });
        const [listed] = (await call("GET", `${API}/items/hypervisors?status=Offline`)).body as Record<
            string,
            unknown
        >[];
        assert.deepEqual([listed?.desktops_started, listed?.status_time, listed?.destroy_time], [3, 0, undefined]);
        assert.equal((await call("GET", `${API}/items/hypervisors/online`)).status, 400);
        const update = await call("PUT", `${API}/item/table/update/hypervisors`, { id: "hyper-1", port: 2022, odd: 1 });
        assert.equal(update.status, 204);
        const broken = await call("GET", `${API}/items/hypervisors`);
        assert.deepEqual([broken.status, broken.row.description], [500, "Failed to list hypervisors"]);
        assert.equal((await call("GET", `${API}/item/orchestrator/hypervisor/hyper-1`)).row.desktops_started, 3);
    });

    it("answers for missing hypervisors as unevenly as the real one", async () => {
        const { call } = site;
        const enable = await call("PUT", `${API}/item/hypervisor/none`, {});
        assert.deepEqual([enable.status, enable.row.description], [400, "Hypervisor update bad data"]);
        const status = await call("GET", `${API}/item/hypervisor/status/none`);
        assert.deepEqual([status.status, status.row.description_code], [404, "hypervisor_not_found"]);
        const seen = await call("GET", `${API}/item/orchestrator/hypervisor/none`);
        assert.equal(seen.row.description, "Hypervisor with ID none does not exist.");
        assert.equal((await call("GET", `${API}/items/table/hypervisors?id=none`)).status, 500);
        assert.equal((await call("PUT", `${API}/item/table/update/hypervisors`, { id: "none", a: 1 })).status, 204);
        assert.equal((await call("PUT", `${API}/item/table/update/hypervisors`, { a: 1 })).status, 400);
        assert.equal((await call("DELETE", `${API}/item/table/hypervisors/none`)).status, 404);
        assert.equal((await call("DELETE", `${API}/item/hypervisor/none`)).status, 204);
        assert.equal((await call("POST", `${API}/item/orchestrator/hypervisor/none/manage`)).status, 204);
    });

    it("enables only pools that are available", async () => {
        const { call, row } = site;
        await call("POST", `${API}/item/hypervisor`, { ...HYPERVISOR, virt_pools: "a,b" });
        const path = `${API}/items/hypervisor/hyper-1/virt_pools`;
        assert.equal((await call("PUT", path, { id: "c", enable_virt_pool: true })).status, 428);
        assert.equal((await call("PUT", path, { id: "a", enable_virt_pool: false })).status, 204);
        assert.deepEqual(row("hyper-1")?.enabled_virt_pools, ["b"]);
    });

    it("registers VLANs once each", async () => {
        const { call, sandbox } = site;
        assert.equal((await call("POST", `${API}/items/vlans`, { vlans: ["10", "11"] })).status, 204);
        assert.equal((await call("POST", `${API}/items/vlans`, { vlans: ["10"] })).status, 204);
        assert.deepEqual(
            sandbox.interfaces().map((one) => one.id),
            ["v10", "v11"],
        );
        assert.equal(((await call("GET", `${API}/items/table/interfaces`)).body as unknown[]).length, 2);
    });

    it("hands out a WireGuard configuration once isard-vpn has made the peer", async () => {
        // slow enough that a busy machine asks before the peer is there
        await site.sandbox.stop();
        site = await rig({ timeScale: 0.4 });
        const { call, until, row } = site;
        await call("POST", `${API}/item/hypervisor`, HYPERVISOR);
        assert.equal((await call("GET", `${API}/item/hypervisor_vpn/hyper-1`)).status, 428);
        await until("peer", () => JSON.stringify(row("hyper-1")?.vpn).includes("private"));
        const { content } = (await call("GET", `${API}/item/hypervisor_vpn/hyper-1`)).row;
        assert.match(String(content), /Endpoint = isard\.example\.test:4443/);
        await until("tunnel", () => (row("hyper-1")?.vpn as { tunnel_status: string }).tunnel_status === "connected");
    });

    it("lets a row vanish that was registered again during its deletion", async () => {
        const { call, row, until } = site;
        await call("POST", `${API}/item/hypervisor`, HYPERVISOR);
        site.sandbox.engine.stop();
        const deletion = call("DELETE", `${API}/item/hypervisor/hyper-1`);
        await until("Deleting", () => row("hyper-1")?.status === "Deleting");
        assert.equal((await call("POST", `${API}/item/hypervisor`, HYPERVISOR)).status, 200);
        assert.equal((await deletion).status, 204);
        assert.equal(row("hyper-1"), undefined);
    });
});
