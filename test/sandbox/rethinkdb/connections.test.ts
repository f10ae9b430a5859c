import { strict as assert } from "node:assert";
import { connect as dial } from "node:net";
import { r as driver } from "rethinkdb-ts";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { connect, r, refused } from "./driver";

describe("the sandbox's database, reached by rethinkdb-ts", () => {
    let sandbox: Sandbox;
    before(async () => {
        sandbox = await startSandbox({
            rethinkdbPort: 0,
            hosts: [],
            rethinkdbUsers: {
                reader: { password: "s3,=cret", write: false },
                nobody: { password: "x", read: false, write: false },
            },
        });
    });
    after(() => sandbox.stop());

    it("lets admin in without a password, as a fresh IsardVDI does", async () => {
        const connection = await connect(sandbox.rethinkdb);
        assert.equal(await r.expr(1).run(connection), 1);
        await connection.close();
    });

    const refusals: [string, { user?: string; password?: string }, RegExp][] = [
        ["a wrong password", { user: "reader", password: "no" }, /Wrong password/],
        ["an empty password where there is one", { user: "reader" }, /Wrong password/],
        ["an unknown user", { user: "somebody" }, /Unknown user/],
    ];
    for (const [what, login, message] of refusals) {
        it(`refuses ${what}`, async () => {
            const error = await refused(connect(sandbox.rethinkdb, login));
            assert.match(error.msg, message);
            assert.equal(error.name, "ReqlAuthError");
        });
    }

    it("gives each user his rights", async () => {
        const reader = await connect(sandbox.rethinkdb, { user: "reader", password: "s3,=cret" });
        assert.equal(await r.table("hypervisors").count().run(reader), 0);
        const write = await refused(r.table("hypervisors").insert({ id: "x" }).run(reader));
        assert.equal(write.msg, "User `reader` does not have the required `write` permission.");
        const nobody = await connect(sandbox.rethinkdb, { user: "nobody", password: "x" });
        const read = await refused(r.table("hypervisors").changes().run(nobody));
        assert.deepEqual(
            [read.name, read.msg],
            ["ReqlPermissionError", "User `nobody` does not have the required `read` permission."],
        );
        await Promise.all([reader.close(), nobody.close()]);
    });

    it("serves the driver's pool as well", async () => {
        const { host, port } = sandbox.rethinkdb ?? {};
        const pool = await driver.connectPool({
            host: host ?? "",
            port: port ?? 0,
            db: "isard",
            buffer: 3,
            max: 5,
            silent: true,
        });
        try {
            const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => r.expr(n).add(1).run()));
            assert.deepEqual(answers.at(-1), 40);
        } finally {
            await pool.drain();
        }
    });

    it("tells another protocol so, and ends", async () => {
        const { host, port } = sandbox.rethinkdb ?? {};
        const socket = dial({ host: host ?? "", port: port ?? 0 });
        socket.write("GET / HTTP/1.1\r\n\r\n");
        let text = "";
        for await (const part of socket) text += String(part);
        assert.match(text, /unsupported protocol version/);
    });

    it("cuts, refuses and freezes as the test says", async () => {
        const connection = await connect(sandbox.rethinkdb);
        const feed = await r.table("hypervisors").changes().run<{ next(): Promise<unknown> }>(connection);
        const cut = refused(feed.next());
        sandbox.rethinkdb?.drop();
        assert.match((await cut).message, /closed/);
        await sandbox.rethinkdb?.close();
        assert.match((await refused(connect(sandbox.rethinkdb))).message, /ECONNREFUSED/);
        await sandbox.rethinkdb?.reopen();
        const frozen = await connect(sandbox.rethinkdb);
        sandbox.rethinkdb?.freeze();
        let answered = false;
        const answer = r
            .expr(1)
            .run(frozen)
            .then(() => (answered = true));
        // the site answers elsewhere meanwhile
        await (await fetch(sandbox.apiUrl)).text();
        assert.equal(answered, false);
        sandbox.rethinkdb?.thaw();
        await answer;
        await frozen.close();
    });
});

describe("the sandbox's database over TLS", () => {
    it("shows its own certificate, which is checked by name", async () => {
        const sandbox = await startSandbox({
            rethinkdbPort: 0,
            hosts: [],
            rethinkdbTls: true,
            certificateNames: ["127.0.0.1"],
        });
        try {
            const connection = await connect(sandbox.rethinkdb, { tls: { ca: sandbox.caCert } });
            assert.equal(await r.expr(1).run(connection), 1);
            await connection.close();
            assert.match((await refused(connect(sandbox.rethinkdb, { tls: {} }))).message, /self-signed|certificate/);
            assert.match(sandbox.apiUrl, /^http:/);
        } finally {
            await sandbox.stop();
        }
    });
});
