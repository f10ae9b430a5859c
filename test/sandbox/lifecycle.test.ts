import assert from "node:assert/strict";
import { HYPERVISOR, rig, type Rig } from "./client";

describe("sandbox v4: a hypervisor's life", () => {
    let site: Rig;
    before(async () => {
        site = await rig();
    });
    after(() => site.sandbox.stop());

    it("registers, comes Online after enable and goes on delete", async () => {
        const { call, row, until } = site;
        const registered = await call("POST", "/api/v4/admin/item/hypervisor", HYPERVISOR);
        assert.equal(registered.status, 200);
        const { certs, vpn } = registered.row as { certs: Record<string, string>; vpn: object };
        assert.match(certs["id_rsa.pub"] ?? "", /^ssh-ed25519 /);
        assert.deepEqual(vpn, { tunneling_mode: "wireguard+geneve", infrastructure_mtu: 1500, guest_mtu: 1386 });
        assert.equal(row("hyper-1")?.status, "Offline");
        assert.equal(row("hyper-1")?.enabled, false);

        const before = site.sandbox.clock.slept();
        assert.deepEqual((await call("PUT", "/api/v4/admin/item/hypervisor/hyper-1", {})).body, {});
        await until("Online", () => row("hyper-1")?.status === "Online");
        const seconds = site.sandbox.clock.slept() - before;
        assert.ok(seconds > 11 && seconds < 25, `Online after ${seconds} s of the site`);

        const list = await call("GET", "/api/v4/admin/items/hypervisors");
        assert.equal((list.body as unknown[]).length, 1);
        const read = await call("GET", "/api/v4/admin/items/table/hypervisors?id=hyper-1");
        assert.equal(read.row.status, "Online");
        assert.match(JSON.stringify(read.row.vpn), /"private":"[A-Za-z0-9+/]{43}="/);

        const removed = await call("DELETE", "/api/v4/admin/item/hypervisor/hyper-1");
        assert.equal(removed.status, 204);
        assert.equal(row("hyper-1"), undefined);
    });
});
