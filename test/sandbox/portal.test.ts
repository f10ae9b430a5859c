import assert from "node:assert/strict";
import { Agent, request } from "undici";
import { rig, serviceClaims, token } from "./client";

const LIST = "/api/v4/admin/items/hypervisors";

describe("sandbox portal", () => {
    it("serves https with a certificate that fits no address, as a new portal does", async () => {
        const { sandbox } = await rig({ tls: true });
        const lax = new Agent({ connect: { rejectUnauthorized: false } });
        const strict = new Agent({ connect: { ca: sandbox.caCert ?? "" } });
        try {
            assert.equal((await request(`${sandbox.apiUrl}/api/v4/`, { dispatcher: lax })).statusCode, 200);
            await assert.rejects(request(`${sandbox.apiUrl}/api/v4/`, { dispatcher: strict }), /altnames/);
        } finally {
            await Promise.all([lax.destroy(), strict.destroy()]);
            await sandbox.stop();
        }
    });

    it("can be given names that a client can verify", async () => {
        const { sandbox } = await rig({ tls: true, certificateNames: ["127.0.0.1", "localhost"] });
        const dispatcher = new Agent({ connect: { ca: sandbox.caCert ?? "" } });
        try {
            assert.equal((await request(`${sandbox.apiUrl}/api/v4/`, { dispatcher })).statusCode, 200);
        } finally {
            await dispatcher.destroy();
            await sandbox.stop();
        }
    });

    it("lets faults strike as often as they were told to", async () => {
        const { sandbox, call } = await rig();
        try {
            sandbox.fault({ match: /^GET .*hypervisors/, kind: "html", times: 1 });
            const page = await call("GET", LIST);
            assert.deepEqual([page.status, page.type], [503, "text/html"]);
            const lift = sandbox.fault({ kind: "status", status: 500, body: { error: "odd" } });
            assert.deepEqual((await call("GET", LIST)).body, { error: "odd" });
            lift();
            assert.deepEqual((await call("GET", LIST)).body, []);
            sandbox.fault({ kind: "drop", times: 1 });
            await assert.rejects(call("GET", LIST));
            sandbox.fault({ kind: "badjson", times: 1 });
            await assert.rejects(call("GET", LIST), SyntaxError);
            sandbox.fault({ kind: "slow", delayMs: 80, times: 1 });
            const begun = Date.now();
            assert.equal((await call("GET", LIST)).status, 200);
            assert.ok(Date.now() - begun >= 79);
            assert.deepEqual(
                sandbox.requests.map((one) => one.status),
                [503, 500, 200, 0, 200, 200],
            );
        } finally {
            await sandbox.stop();
        }
    });

    it("can lose the answer to work that was done", async () => {
        const { sandbox, call } = await rig();
        try {
            sandbox.fault({ match: /^POST/, kind: "drop", after: true, times: 1 });
            await assert.rejects(call("POST", "/api/v4/admin/item/hypervisor", { hyper_id: "a", hostname: "h1" }));
            assert.equal(sandbox.hypervisors.get("a")?.status, "Offline");
        } finally {
            await sandbox.stop();
        }
    });

    it("dates its answers by the server's clock and judges tokens by it", async () => {
        const { sandbox, call } = await rig({ clockOffsetSeconds: 600 });
        try {
            assert.equal((await call("GET", LIST)).row.description_code, "token_expired");
            const shifted = { ...serviceClaims(), exp: Math.floor(Date.now() / 1000) + 620 };
            const authorization = `Bearer ${token(sandbox.apiSecret, shifted)}`;
            const reply = await fetch(sandbox.apiUrl + LIST, { headers: { authorization } });
            assert.equal(reply.status, 200);
            assert.ok(Date.parse(reply.headers.get("date") ?? "") - Date.now() > 595_000);
        } finally {
            await sandbox.stop();
        }
    });

    it("turns its world's switches over the control API", async () => {
        const { sandbox } = await rig({ controlPort: 0 });
        const control = async (
            method: string,
            path: string,
            body?: object,
        ): Promise<{ status: number; body: object }> => {
            const reply = await fetch(`${sandbox.controlUrl}${path}`, {
                method,
                ...(body && { body: JSON.stringify(body) }),
            });
            return { status: reply.status, body: (await reply.json()) as object };
        };
        try {
            const wanted = {
                ssh: "closed",
                engineKey: "revoked",
                libvirt: "down",
                kvm: "none",
                desktops: 4,
                serverDesktops: 1,
            };
            const turned = await control("PUT", "/hosts/h1", wanted);
            const container = { running: false };
            const others = { dns: "known", tunnel: "open", portal: "open", storage: "absent", clock: 0 };
            assert.deepEqual(turned.body, {
                name: "h1",
                address: "10.42.0.11",
                ...wanted,
                ...others,
                sshAttempts: 0,
                container,
            });
            await control("PUT", "/hosts/h2", { container: "start" });
            assert.equal(sandbox.host("h2").container.running, true);
            assert.equal(sandbox.host("h1").desktops, 4);
            assert.equal((await control("PUT", "/hosts/h1", { cause: "firewall" })).status, 400);
            assert.equal((await control("PUT", "/hosts/h9", {})).status, 400);
            await control("POST", "/hosts", { name: "h4" });
            assert.equal(((await control("GET", "/")).body as { hosts: unknown[] }).hosts.length, 4);
            const server = { engine: "down", engineKey: "missing", vpn: "down", vpnPort: null, certificate: "expired" };
            assert.deepEqual((await control("PUT", "/server", server)).body, server);
            const upAgain = { engine: "up", engineKey: "there", vpn: "up", vpnPort: 4443, certificate: "valid" };
            await control("PUT", "/server", upAgain);
            assert.deepEqual(((await control("GET", "/")).body as { server: object }).server, upAgain);
            assert.equal((await control("PUT", "/server", { cause: "vpn" })).status, 400);
            await control("POST", "/faults", { kind: "html" });
            assert.equal((await fetch(`${sandbox.apiUrl}/api/v4/`)).status, 503);
            await control("DELETE", "/faults");
            assert.equal((await fetch(`${sandbox.apiUrl}/api/v4/`)).status, 200);
        } finally {
            await sandbox.stop();
        }
    });
});
