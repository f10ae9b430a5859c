import assert from "node:assert/strict";
import { HYPERVISOR, rig, type Rig } from "./client";

const ITEM = "/api/v4/admin/item/hypervisor";

describe("sandbox engine", () => {
    let site: Rig;
    beforeEach(async () => {
        site = await rig({ timeScale: 50 });
    });
    afterEach(() => site.sandbox.stop());

    async function register(fields: object = {}): Promise<void> {
        assert.equal((await site.call("POST", ITEM, { ...HYPERVISOR, ...fields })).status, 200);
    }
    const enable = (enabled = true): Promise<unknown> => site.call("PUT", `${ITEM}/hyper-1`, { enabled });
    const isOnline = (): boolean => site.row("hyper-1")?.status === "Online";
    const detail = (): unknown => site.row("hyper-1")?.detail;

    const degraded = (): unknown =>
        (site.row("hyper-1")?.degraded as { is_degraded: boolean } | undefined)?.is_degraded;

    async function bringOnline(): Promise<void> {
        await register();
        await enable();
        await site.until("Online", isOnline);
    }

    it("says Error while its key is refused and comes Online by itself once it is trusted", async () => {
        site.sandbox.host("h1").revokeEngineKey();
        await register();
        await enable();
        await site.until("Error", () => detail() === "Cannot connect to libvirt");
        assert.equal(site.row("hyper-1")?.status, "Error");
        site.sandbox.host("h1").trustEngineKey();
        await site.until("Online", isOnline);
        assert.equal(detail(), "");
    });

    it("goes Offline on disable and back without a second scan", async () => {
        await bringOnline();
        await enable(false);
        await site.until("Offline", () => site.row("hyper-1")?.status === "Offline");
        const before = site.sandbox.clock.slept();
        await enable();
        await site.until("Online", isOnline);
        const seconds = site.sandbox.clock.slept() - before;
        assert.ok(seconds < 6, `${seconds} s of the site: a scan takes twelve`);
    });

    it("keeps Online for about a minute after sshd stopped, with its capabilities gone at once", async () => {
        await bringOnline();
        site.sandbox.host("h1").closeSsh();
        const capable = (): unknown => (site.row("hyper-1")?.cap_status as { hypervisor: boolean }).hypervisor;
        await site.until("capabilities gone", () => capable() === false);
        assert.ok(isOnline());
        const before = site.sandbox.host("h1").sshAttempts;
        await site.until("Error", () => detail() === "Hypervisor not reachable");
        // one to connect anew and one to see whether anybody is there, and then six, each ten seconds after the last
        assert.equal(site.sandbox.host("h1").sshAttempts - before, 8);
        site.sandbox.host("h1").openSsh();
        await site.until("Online", isOnline);
    });

    it("reconnects to an sshd that came back in time, with a new status time", async () => {
        await bringOnline();
        site.sandbox.host("h1").closeSsh();
        await site.until("degraded", () => degraded() === true);
        site.sandbox.host("h1").openSsh();
        await site.until("capable", () => (site.row("hyper-1")?.cap_status as { hypervisor: boolean }).hypervisor);
        assert.ok(isOnline());
        await site.until("mended", () => degraded() === false);
    });

    it("notices a stopped libvirt and its return", async () => {
        await bringOnline();
        site.sandbox.host("h1").stopLibvirt();
        await site.until("Error", () => detail() === "Libvirt connection is not alive");
        site.sandbox.host("h1").startLibvirt();
        await site.until("Online", isOnline);
    });

    it("never sees a disable and an enable within half a second of a change, and stays Offline and enabled", async () => {
        await bringOnline();
        // as recorded: three changes 100 ms apart
        site.sandbox.hypervisors.set("hyper-1", { description: "changed" });
        site.sandbox.hypervisors.set("hyper-1", { enabled: false, status: "Offline" });
        site.sandbox.hypervisors.set("hyper-1", { enabled: true });
        // also the engine's own round does not take it up, for its worker lives
        await site.sandbox.clock.pass(25);
        assert.deepEqual([site.row("hyper-1")?.enabled, site.row("hyper-1")?.status], [true, "Offline"]);
        await enable(false);
        await site.sandbox.clock.pass(2.5);
        await enable();
        await site.until("Online", isOnline);
    });

    it("sees a disable and an enable that are half a second apart", async () => {
        await bringOnline();
        await site.sandbox.clock.pass(1);
        site.sandbox.hypervisors.set("hyper-1", { enabled: false, status: "Offline" });
        await site.sandbox.clock.pass(0.8);
        site.sandbox.hypervisors.set("hyper-1", { enabled: true });
        await site.until("Online", isOnline);
    });

    it("refuses a host key that registration did not see, until the next registration", async () => {
        await register();
        site.sandbox.host("h1").rotateHostKey();
        await enable();
        await site.until("Error", () => detail() === "Cannot connect to libvirt");
        await register();
        await enable();
        await site.until("Online", isOnline);
    });

    it("never brings a raw row Online whose host key nobody scanned", async () => {
        await register();
        const copy = { ...site.row("hyper-1"), hostname: "h2", enabled: true };
        site.sandbox.hypervisors.set("hyper-2", copy);
        await site.until("Error", () => site.row("hyper-2")?.detail === "Cannot connect to libvirt");
    });

    it("keeps the missing kvm_module of the first scan until the row is made anew", async () => {
        await register({ kvm_module: null });
        await enable();
        await site.until("KVM error", () => String(detail()).startsWith("KVM requires virtualization support"));
        await register();
        await enable();
        await site.until("KVM error again", () => String(detail()).startsWith("KVM requires virtualization support"));
        await site.call("DELETE", `${ITEM}/hyper-1`);
        await bringOnline();
    });

    it("leaves a hypervisor without the capability Offline", async () => {
        await register({ cap_hyper: false });
        await enable();
        // long enough for the engine to have done the same with another one
        assert.equal(
            (await site.call("POST", ITEM, { ...HYPERVISOR, hyper_id: "hyper-2", hostname: "h2" })).status,
            200,
        );
        await site.call("PUT", `${ITEM}/hyper-2`, { enabled: true });
        await site.until("Online", () => site.row("hyper-2")?.status === "Online");
        assert.equal(site.row("hyper-1")?.status, "Offline");
    });

    it("sets every row Offline when it starts, and finds the enabled ones again", async () => {
        await bringOnline();
        site.sandbox.engine.stop();
        assert.ok(isOnline());
        const before = site.sandbox.clock.slept();
        assert.equal((await site.call("DELETE", `${ITEM}/other`)).status, 204);
        assert.equal(Math.round(site.sandbox.clock.slept() - before), 2, "nobody waits for the engine");
        site.sandbox.engine.start();
        assert.equal(site.row("hyper-1")?.status, "Offline");
        await site.until("Online", isOnline);
    });

    it("needs eleven seconds to delete without the engine and two with it", async () => {
        await register();
        const timed = async (): Promise<number> => {
            const before = site.sandbox.clock.slept();
            assert.equal((await site.call("DELETE", `${ITEM}/hyper-1`)).status, 204);
            assert.equal(site.row("hyper-1"), undefined);
            return Math.round(site.sandbox.clock.slept() - before);
        };
        assert.equal(await timed(), 2);
        site.sandbox.engine.stop();
        await register();
        assert.equal(await timed(), 11);
    });

    it("writes the time of a status by the server's clock and keeps ten statuses before", async () => {
        const other = await rig({ clockOffsetSeconds: -3_600, timeScale: 50 });
        try {
            await other.call("POST", ITEM, HYPERVISOR);
            assert.equal(other.row("hyper-1")?.status_time, false);
            other.sandbox.host("h1").stopLibvirt();
            await other.call("PUT", `${ITEM}/hyper-1`, { enabled: true });
            await other.until("Error", () => other.row("hyper-1")?.status === "Error");
            const ahead = Number(other.row("hyper-1")?.status_time) - Date.now() / 1000;
            assert.ok(ahead > -3_610 && ahead < -3_590);
            await other.until("history", () => (other.row("hyper-1")?.prev_status as unknown[]).length === 10);
        } finally {
            await other.sandbox.stop();
        }
    });
});
