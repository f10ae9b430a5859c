import assert from "node:assert/strict";
import { rig, serviceClaims, token, type Rig } from "./client";

const form = (fields: Record<string, string>): URLSearchParams => new URLSearchParams(fields);
const HYPERVISOR = { hyper_id: "hyper-1", hostname: "h1" };

describe("sandbox v3", () => {
    let site: Rig;
    beforeEach(async () => {
        site = await rig({ generation: "v3", timeScale: 50 });
    });
    afterEach(() => site.sandbox.stop());

    it("shows its root document, and web pages for the other generation's paths", async () => {
        const root = (await site.call("GET", "/api/v3", undefined, {})).row;
        assert.deepEqual([root.name, root.api_version], ["IsardVDI", 3.1]);
        assert.equal((await site.call("GET", "/api/v4/")).type, "text/html");
        assert.equal((await site.call("DELETE", "/api/v4/admin/item/hypervisor/a")).status, 405);
    });

    it("registers by form, comes Online without a kvm_module and goes on delete", async () => {
        const { call, row, until } = site;
        const fields = { ...HYPERVISOR, cap_disk: "false", gpu_only: "true", enabled: "true" };
        assert.equal((await call("POST", "/api/v3/hypervisor", form(fields))).status, 200);
        assert.deepEqual(row("hyper-1")?.capabilities, { disk_operations: false, hypervisor: true });
        assert.deepEqual([row("hyper-1")?.gpu_only, row("hyper-1")?.enabled], [false, false]);
        await call("PUT", "/api/v3/hypervisor/hyper-1", form({ enabled: "False" }));
        await until("Online", () => row("hyper-1")?.status === "Online");
        assert.equal((await call("GET", "/api/v3/hypervisor/status/hyper-1")).row.status, "Online");
        await call("PUT", "/api/v3/hypervisor/hyper-1", form({ enabled: "" }));
        await until("Offline", () => row("hyper-1")?.status === "Offline");
        assert.deepEqual((await call("DELETE", "/api/v3/hypervisor/hyper-1")).body, {});
        assert.equal((await call("GET", "/api/v3/admin/table/hypervisors?id=hyper-1")).body, null);
    });

    it("answers bad registrations in its own words, with its inner state", async () => {
        const { call, row } = site;
        const body = await call("POST", "/api/v3/hypervisor", HYPERVISOR);
        assert.deepEqual([body.status, body.row.description], [400, "Hypervisor add bad data"]);
        assert.match(String(body.row.debug), /Traceback/);
        for (const hostname of ["nowhere", "localhost"]) {
            const reply = await call("POST", "/api/v3/hypervisor", form({ ...HYPERVISOR, hostname }));
            assert.deepEqual([reply.status, reply.row.description], [404, "Unable to ssh-keyscan"]);
        }
        assert.equal(row("hyper-1"), undefined);
    });

    it("breaks where the real one breaks", async () => {
        const { call, sandbox } = site;
        const page = await call("GET", "/api/v3/hypervisor/status/none");
        assert.deepEqual([page.status, page.type], [500, "text/html"]);
        const none = await call("GET", "/api/v3/hypervisors", undefined, {});
        assert.deepEqual([none.status, none.row.description], [401, "Authorization header is expected"]);
        const user = token(sandbox.apiSecret, { ...serviceClaims(), data: { role_id: "user" } });
        const asUser = { authorization: `Bearer ${user}` };
        assert.equal((await call("GET", "/api/v3/hypervisors", undefined, asUser)).status, 403);
        assert.equal((await call("DELETE", "/api/v3/hypervisor/a", undefined, asUser)).status, 500);
        const machine = token(sandbox.hypervisorsSecret, serviceClaims("hypervisor"));
        const asMachine = { authorization: `Bearer ${machine}` };
        assert.equal((await call("GET", "/api/v3/hypervisors", undefined, asMachine)).status, 403);
        assert.equal((await call("POST", "/api/v3/hypervisor", form(HYPERVISOR), asMachine)).status, 200);
    });

    it("refuses to take both capabilities away by table update", async () => {
        const { call } = site;
        await call("POST", "/api/v3/hypervisor", form(HYPERVISOR));
        const capabilities = { disk_operations: false, hypervisor: false };
        const refused = await call("PUT", "/api/v3/admin/table/update/hypervisors", { id: "hyper-1", capabilities });
        assert.equal(refused.status, 400);
        const done = await call("PUT", "/api/v3/admin/table/update/hypervisors", { id: "hyper-1", description: "x" });
        assert.deepEqual([done.status, done.body], [200, {}]);
    });
});

describe("sandbox v3: older releases", () => {
    it("enables again what was enabled, and knows no tunnelling modes", async () => {
        const site = await rig({ generation: "v3", release: "v14.100.0" });
        try {
            const first = await site.call("POST", "/api/v3/hypervisor", form(HYPERVISOR));
            assert.ok(!("vpn" in first.row));
            await site.call("PUT", "/api/v3/hypervisor/hyper-1", form({ enabled: "true" }));
            await site.call("POST", "/api/v3/hypervisor", form(HYPERVISOR));
            assert.equal(site.row("hyper-1")?.enabled, true);
        } finally {
            await site.sandbox.stop();
        }
    });
});
