import assert from "node:assert/strict";
import { rig, serviceClaims, token, type Reply, type Rig } from "./client";

const LIST = "/api/v4/admin/items/hypervisors";

function credentials(username: string, password: string): FormData {
    const form = new FormData();
    form.set("username", username);
    form.set("password", password);
    return form;
}

describe("sandbox v4: who may come in", () => {
    let site: Rig;
    before(async () => {
        site = await rig({ sessionSeconds: 2 });
    });
    after(() => site.sandbox.stop());

    const asks = (bearer: string): Promise<Reply> =>
        site.call("GET", LIST, undefined, { authorization: `Bearer ${bearer}` });
    const signed = (change: object, secret = site.sandbox.apiSecret): string =>
        token(secret, { ...serviceClaims(), ...change });
    const login = async (username = "admin", password = site.sandbox.admin.password): Promise<Reply> =>
        site.call(
            "POST",
            "/authentication/login?provider=form&category_id=default",
            credentials(username, password),
            {},
        );

    it("tells a missing header from a wrong scheme", async () => {
        const none = await site.call("GET", LIST, undefined, {});
        assert.deepEqual([none.status, none.body], [403, { detail: "Not authenticated" }]);
        const basic = await site.call("GET", LIST, undefined, { authorization: "Basic YTpi" });
        assert.deepEqual([basic.status, basic.body], [403, { detail: "Invalid authentication credentials" }]);
    });

    it("refuses each broken token in its own words", async () => {
        const seconds = Math.floor(Date.now() / 1000);
        const cases: [string, number, string, string][] = [
            ["nonsense", 401, "Bad token format", "unauthorized"],
            [signed({ kid: "other" }), 401, "Unable to parse authentication token", "unauthorized"],
            [signed({}, "wrong"), 401, "Error when decoding token", "unauthorized"],
            [signed({ exp: seconds - 70 }), 401, "Token expired", "token_expired"],
            [signed({ session_id: "" }), 401, "No session provided", "unauthorized"],
            [signed({ session_id: "gone" }), 401, "Session expired", "unauthorized"],
            [signed({ data: { role_id: "manager" } }), 403, "Not enough rights.", "forbidden"],
        ];
        for (const [bearer, status, description, code] of cases) {
            const reply = await asks(bearer);
            assert.deepEqual(
                [reply.status, reply.row.description, reply.row.description_code],
                [status, description, code],
            );
            assert.deepEqual(Object.keys(reply.row).length, 10);
        }
        assert.equal((await asks(signed({ exp: seconds - 40 }))).status, 200);
        const { data, ...bare } = serviceClaims();
        assert.ok(data);
        const broken = await asks(token(site.sandbox.apiSecret, bare));
        assert.deepEqual([broken.status, broken.type.split(";")[0]], [500, "text/plain"]);
    });

    it("takes a hypervisor's service token for an administrator's", async () => {
        assert.equal((await asks(token(site.sandbox.hypervisorsSecret, serviceClaims("hypervisor")))).status, 200);
    });

    it("opens one session a user and ends the one before", async () => {
        const first = await login();
        assert.equal(first.status, 200);
        assert.equal((await asks(first.body as string)).status, 200);
        const second = await login();
        assert.equal((await asks(first.body as string)).row.description, "Session expired");
        assert.equal((await asks(second.body as string)).status, 200);
    });

    it("lets a session end by the clock and be renewed", async () => {
        const { body } = await login();
        site.sandbox.clock.forward(3);
        assert.equal((await asks(body as string)).row.description, "Session expired");
        const renewed = await site.call(
            "POST",
            "/authentication/renew",
            {},
            { authorization: `Bearer ${body as string}` },
        );
        assert.equal(renewed.status, 200);
        assert.equal((await asks(renewed.row.token as string)).status, 200);
    });

    it("gives out API keys that outlive the session", async () => {
        const { body } = await login();
        const authorization = `Bearer ${body as string}`;
        const made = await site.call("PUT", "/authentication/api-key", { expiration_minutes: 60 }, { authorization });
        await site.call("POST", "/authentication/logout", {}, { authorization });
        assert.equal((await asks(body as string)).status, 401);
        assert.equal((await asks(made.row.api_key as string)).status, 200);
    });

    it("refuses wrong passwords and then any, for a while", async () => {
        for (let attempt = 0; attempt < 10; attempt++) {
            const reply = await login("user", "wrong");
            assert.deepEqual([reply.status, reply.row.error], [401, "invalid_credentials"]);
        }
        assert.equal((await login("user", "user")).status, 429);
    });
});
