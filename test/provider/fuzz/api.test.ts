import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { openSite } from "../../../provider/isardvdi";
import type { SiteSettings } from "../../../provider/isardvdi/api";
import { testWorld } from "../../world/world";
import { systemClock, type Clock } from "../../../provider/world";
import { row } from "../isardvdi/watch/row";
import { outcome, secret, some, spoilt, twisted } from "./hostile";

/** Pauses between repetitions are over at once; a heartbeat and a deadline are real ones. */
const quick: Clock = {
    ...systemClock,
    sleep: (ms, signal) => systemClock.sleep(ms < 5000 ? 0 : ms, signal),
};
const wireguard = { ...row.vpn.wireguard, keys: { private: secret, public: "pub" } };
const rows = [{ ...row, id: "h1", vpn: { ...row.vpn, wireguard }, certificate: secret }, { id: "v42" }, { id: "h2" }];
const registration = { certs: { "id_rsa.pub": "ssh-rsa AAAA x", "server-key.pem": secret }, vpn: row.vpn };

/** An answer: a status, a content type and a text, whatever was asked. */
const answers = fc.record({
    status: fc.constantFrom(200, 200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 409, 428, 500, 502, 503, 700),
    type: fc.constantFrom("application/json", "application/json", "text/html", "", "application/json; charset=x"),
    text: fc.oneof(
        twisted(rows).map((value) => JSON.stringify(value)),
        twisted(rows[0]).map((value) => JSON.stringify(value)),
        twisted(registration).map((value) => JSON.stringify(value)),
        spoilt(JSON.stringify(rows)),
        spoilt('{"error":"bad_request","description":"x","description_code":"y","msg":"z"}'),
        fc.integer({ min: 1, max: 6 }).map((size) => `[${"[".repeat(10 ** size)}`),
    ),
    /** Cut off in the middle, by the server. */
    isCut: fc.boolean(),
});

describe("an API that answers anything", function () {
    this.timeout(300_000);
    let server: Server;
    let now: { status: number; type: string; text: string; isCut: boolean } | undefined;
    let asked = 0;
    let settings: SiteSettings;
    before(async () => {
        server = createServer((request, response) => {
            request.resume();
            asked += 1;
            if (!now) return void response.setHeader("content-type", "application/json").end('{"name":"IsardVDI"}');
            const { status, type, text, isCut } = now;
            response.writeHead(status, { "content-type": type, ...(isCut && { "content-length": text.length + 9 }) });
            response.write(text);
            if (isCut) response.destroy();
            else response.end();
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        settings = {
            name: "default",
            apiUrl: `http://127.0.0.1:${port}`,
            credentials: { kind: "secret", apiSecret: `${secret}-of-the-api`, apiSecretKid: "isardvdi" },
            insecureSkipTlsVerify: false,
            apiGeneration: "auto",
        };
    });
    after(() => {
        server.closeAllConnections();
        server.close();
    });

    it("is an answer or a failure of ours, after few requests", async () => {
        await fc.assert(
            fc.asyncProperty(answers, fc.constantFrom("v3", "v4"), async (answer, apiGeneration) => {
                now = undefined;
                asked = 0;
                const world = { ...testWorld(), clock: quick };
                const call = { signal: world.signal, log: world.log };
                const api = await outcome(() =>
                    openSite({ ...settings, apiGeneration }, { ...world, random: () => 0 }),
                );
                now = answer;
                if (!api) return;
                await outcome(() => api.list(call));
                await outcome(() => api.find("h1", call));
                await outcome(() => api.findListed("h1", call));
                await outcome(() => api.vlans(call));
                await outcome(() => api.desktopsStarted("h1", call));
                await outcome(() => api.engineRuns(call));
                assert.ok(asked < 200, `${asked} requests`);
                assert.ok(!JSON.stringify(world.lines).includes(secret), "a secret in the log");
            }),
            some(0.2),
        );
    });
});
