import { strict as assert } from "node:assert";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { openDatabase } from "../../../../provider/isardvdi/watch/database";
import { connected, type Dial } from "../../../../provider/isardvdi/watch/dial";
import { routesTo } from "../../../../provider/isardvdi/watch/routes";
import { type Sandbox, startSandbox } from "../../../../sandbox";
import { serverTo } from "../../hypervisor/feed-site";

describe("a database over TLS", function () {
    this.timeout(20_000);
    const { signal } = new AbortController();
    let sandbox: Sandbox;
    before(async () => {
        const names = ["127.0.0.1", "db.example.org"];
        sandbox = await startSandbox({ rethinkdbPort: 0, hosts: [], rethinkdbTls: true, certificateNames: names });
        sandbox.engine.stop();
        sandbox.hypervisors.set("h1", { hostname: "h1", port: "2022", status: "Offline", enabled: true });
    });
    after(() => sandbox.stop());
    const settings = (host: string | undefined, caCert: string | undefined) => {
        const port = sandbox.rethinkdb?.port ?? 0;
        return { host, port, user: "admin", password: "", db: "isard", tls: true, caCert };
    };
    const statusBy = async (routes: ReturnType<typeof routesTo>): Promise<string | undefined> => {
        const [route] = routes;
        const database = await (route ?? assert.fail("no way"))(signal);
        try {
            return (await database.read(["h1"])).get("h1")?.status;
        } finally {
            database.close();
        }
    };

    it("is read straight and through the server, by its own certificate", async () => {
        assert.equal(await statusBy(routesTo(settings("127.0.0.1", sandbox.caCert), undefined)), "Offline");
        const [, through] = routesTo(
            settings("db.example.org", sandbox.caCert),
            serverTo(sandbox.rethinkdb?.port ?? 0),
        );
        assert.equal(await statusBy(through ? [through] : []), "Offline");
    });

    it("is refused by another certificate or name", async () => {
        const says = /certificate/;
        await assert.rejects(statusBy(routesTo(settings("127.0.0.1", undefined), undefined)), says);
        const [, through] = routesTo(
            settings("other.example.org", sandbox.caCert),
            serverTo(sandbox.rethinkdb?.port ?? 0),
        );
        await assert.rejects(statusBy(through ? [through] : []), /other\.example\.org|altnames/);
    });
});

describe("a database that is hostile", () => {
    it("is cut off at a message of 4 GiB, straight as well, and the error says so", async () => {
        const head = Buffer.alloc(12, 0xff);
        const server = createServer((socket) => {
            socket.on("error", () => undefined).write(Buffer.concat([Buffer.from("{}\0{}\0{}\0"), head]));
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        const dial: Dial = (over) => connected("127.0.0.1", port, over);
        const settings = { host: "127.0.0.1", port, user: "admin", password: "", db: "isard", tls: false };
        await assert.rejects(
            openDatabase({ ...settings, caCert: undefined }, dial, new AbortController().signal),
            /a message that is none of its own sizes/,
        );
        server.close();
    });
});
