import { strict as assert } from "node:assert";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utils } from "ssh2";
import { withDeadline } from "../../../provider/concurrency/deadline";
import type { ConnectionArgs } from "../../../provider/connection";
import { openSshText } from "../../../provider/remote/dial/openssh-text";
import { systemClock } from "../../../provider/world";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { asking, closeAll, failureOf, remotesWith } from "./asking";
import { newKey, TestServer } from "./server";

const SECRET = "hunter2-passphrase";

describe("dialling a machine", function () {
    this.timeout(60_000);
    let server: TestServer;
    let folder: string;
    before(async () => {
        server = await TestServer.start();
        folder = mkdtempSync(join(tmpdir(), "dial-"));
    });
    after(async () => {
        await server.stop();
        rmSync(folder, { recursive: true });
    });
    afterEach(closeAll);

    async function listening(
        behave: (socket: Socket) => void,
    ): Promise<{ port: number; count: number; close(): Promise<void> }> {
        const sockets: Socket[] = [];
        const listener = createServer((socket) => {
            sockets.push(socket.on("error", () => undefined));
            behave(socket);
        });
        await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
        return {
            port: (listener.address() as AddressInfo).port,
            get count() {
                return sockets.length;
            },
            close: () =>
                new Promise((resolve) => {
                    listener.close(() => resolve());
                    for (const socket of sockets) socket.destroy();
                }),
        };
    }
    const run = (connection: ConnectionArgs, ssh = {}) => remotesWith(ssh).open(connection).run("echo in", asking());

    it("gives up when it was refused so often, and says each dial", async () => {
        const gone = await listening(() => undefined);
        await gone.close();
        const call = asking();
        const remote = remotesWith().open({ ...server.connection, port: gone.port, dialErrorLimit: 4 });
        await failureOf(
            remote.run("true", call),
            "ssh-unreachable",
            /Unable to reach root@127\.0\.0\.1:\d+: the connection was refused \(4 dials\)\. Check that the host is up/,
        );
        assert.equal(
            call.said.filter((line) => /: the connection was refused; dial [234] of 4 in \d+ s/.test(line)).length,
            3,
        );
    });
    it("tells silence, hang-up and other services apart", async () => {
        const cases: [(socket: Socket) => void, RegExp, number][] = [
            [() => undefined, /the port is open, but no SSH handshake was completed within 1 s \(2 dials\)/, 2],
            [(socket) => socket.destroy(), /closed the connection before it was ready \(2 dials\)\. .*MaxStartups/, 2],
            [
                (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
                /closed the connection before it was ready/,
                2,
            ],
            [(socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"), /closed the connection while keys were exchanged/, 2],
            [(socket) => socket.write("SSH-1.5-old\r\n"), /what answers there does not speak SSH\. Correct port/, 1],
        ];
        for (const [behave, message, dials] of cases) {
            const other = await listening(behave);
            const connection = { ...server.connection, port: other.port, dialErrorLimit: 2, perDialTimeout: 1 };
            await failureOf(run(connection), "ssh-unreachable", message);
            assert.equal(other.count, dials, message.source);
            await other.close();
        }
    });
    it("says that a name does not resolve, without dialling again", async () => {
        const call = asking();
        const remote = remotesWith().open({ ...server.connection, host: "no-such-host.invalid", dialErrorLimit: 1 });
        await failureOf(remote.run("true", call), "dns", /root@no-such-host\.invalid:\d+: the name/);
    });
    it("is limited in time while the login is answered", async () => {
        const slow = await TestServer.start({ loginDelay: 3000 });
        const connection = { ...slow.connection, dialErrorLimit: 1, perDialTimeout: 1 };
        await failureOf(run(connection), "ssh-unreachable", /the login was not completed within 1 s/);
        await slow.stop();
    });
    it("is given up by a cancelled call, at once, and not by another's", async () => {
        const cancel = new AbortController();
        const silent = await listening(() => cancel.abort(new Error("cancelled")));
        const remote = remotesWith().open({
            ...server.connection,
            port: silent.port,
            dialErrorLimit: 1,
            perDialTimeout: 3,
        });
        const first = failureOf(remote.run("true", asking({ signal: cancel.signal })), "cancelled", /was cancelled/);
        const second = failureOf(remote.run("true", asking()), "ssh-unreachable", /no SSH handshake/);
        assert.equal(await Promise.race([first.then(() => "the first"), second.then(() => "the second")]), "the first");
        await second;
        assert.equal(silent.count, 1);
        await silent.close();
    });
    it("is limited by a signal with a time of its own", async () => {
        let taken = (): void => undefined;
        const clock = { ...systemClock, sleep: () => new Promise<void>((resolve) => (taken = resolve)) };
        const silent = await listening(() => taken());
        const remote = remotesWith().open({ ...server.connection, port: silent.port });
        await withDeadline(300, { clock }, (signal) =>
            failureOf(remote.run("true", asking({ signal })), "timeout", /the host took too long/),
        );
        await silent.close();
    });

    it("names what was tried and what the host takes when the login is refused, and dials once", async () => {
        const strict = await TestServer.start({ password: "right" });
        const connection = { ...strict.connection, privateKey: newKey().private, password: SECRET };
        await failureOf(
            run(connection),
            "unauthorized",
            /login was refused: tried were the private key \(ssh-ed25519\), the password, the host takes publickey, password\. Check that the key stands in ~root/,
            [SECRET, connection.privateKey],
        );
        assert.equal(strict.connections, 1);
        assert.equal((await run({ ...connection, password: "right" })).stdout, "in\n");
        assert.equal((await run({ ...connection, privateKey: undefined, password: "right" })).stdout, "in\n");
        await strict.stop();
    });
    it("says when there is nothing to log in with", async () => {
        await failureOf(
            run({ ...server.connection, privateKey: undefined }),
            "unauthorized",
            /there was nothing to try, the host takes publickey; SSH_AUTH_SOCK is not set\. Set privateKey or password/,
        );
    });

    describe("with a private key", () => {
        // one of each type, for making an RSA key takes seconds; its other forms are written from it
        const made = new Set<string>();
        const keygen = (type: string, format: string, passphrase: string): { private: string; public: string } => {
            const [first, path] = [join(folder, type), join(folder, `${type}-${format}-${passphrase.length}`)];
            if (!made.has(type)) execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", first]);
            made.add(type);
            copyFileSync(first, path);
            execFileSync("ssh-keygen", ["-q", "-p", "-m", format, "-P", "", "-N", passphrase, "-f", path]);
            return { private: readFileSync(path, "utf8"), public: readFileSync(`${first}.pub`, "utf8") };
        };
        const logIn = async (key: { private: string; public: string }, privateKeyPassword?: string) => {
            server.options = { authorized: key.public };
            try {
                return await run({ ...server.connection, privateKey: key.private, privateKeyPassword });
            } finally {
                server.options = {};
            }
        };
        for (const [type, format] of [
            ["ed25519", "RFC4716"],
            ["rsa", "RFC4716"],
            ["rsa", "PEM"],
            ["rsa", "PKCS8"],
            ["ecdsa", "PEM"],
            ["ecdsa", "PKCS8"],
        ] as const) {
            it(`of type ${type} as ${format}, open and encrypted`, async () => {
                assert.equal((await logIn(keygen(type, format, ""))).stdout, "in\n");
                const locked = keygen(type, format, SECRET);
                assert.equal((await logIn(locked, SECRET)).stdout, "in\n");
                await failureOf(
                    logIn(locked),
                    "bad-input",
                    /the private key is encrypted, and privateKeyPassword is not set/,
                );
                await failureOf(
                    logIn(locked, "wrong-one"),
                    "bad-input",
                    /privateKeyPassword does not open the private key/,
                    ["wrong-one"],
                );
            });
        }
        it("of type ed25519 as PKCS #8, which is what Pulumi's tls provider gives", async () => {
            const { privateKey } = generateKeyPairSync("ed25519");
            const text = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
            const parsed = utils.parseKey(openSshText(createPrivateKey(text)));
            assert.ok(!(parsed instanceof Error));
            const publicText = `ssh-ed25519 ${parsed.getPublicSSH().toString("base64")}`;
            assert.equal((await logIn({ private: text, public: publicText })).stdout, "in\n");
        });
        it("that is none", async () => {
            for (const privateKey of ["", "nonsense", server.clientKey.private.slice(0, 120)]) {
                await failureOf(
                    run({ ...server.connection, privateKey }),
                    "bad-input",
                    /privateKey cannot be read as a key/,
                );
            }
            await failureOf(
                run({ ...server.connection, privateKey: server.clientKey.public }),
                "bad-input",
                /privateKey holds a public key/,
            );
        });
    });

    it("names a FIDO key of the agent, which it cannot use", async () => {
        const field = (value: string | Buffer): Buffer => {
            const bytes = Buffer.from(value);
            return Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
        };
        const type = "sk-ssh-ed25519@openssh.com";
        const blob = Buffer.concat([field(type), field(Buffer.alloc(32, 7)), field("ssh:")]);
        const listed = Buffer.concat([Buffer.from([12, 0, 0, 0, 1]), field(blob), field("touch\u001b[31m me")]);
        const agent = createServer((socket) => socket.on("data", () => socket.write(field(listed))));
        const agentSocketPath = join(folder, "fido");
        await new Promise<void>((resolve) => agent.listen(agentSocketPath, resolve));
        const connection = { ...server.connection, privateKey: undefined };
        await failureOf(
            run(connection, { agentSocketPath }),
            "unauthorized",
            /nothing to try.*; the agent's "touch me" \(sk-ssh-ed25519@openssh\.com\) was left out, for the SSH library/,
        );
        await failureOf(
            run({ ...connection, agentSocketPath, identity: "SHA256:nothing" }),
            "unauthorized",
            /the agent has no key that identity names: it has "touch me"/,
        );
        await failureOf(
            run({ ...connection, agentSocketPath, identity: `${type} ${blob.toString("base64")}` }),
            "unauthorized",
            /"touch me" .*, which identity names, is no key that the SSH library here can use\. Name an ordinary key/,
        );
        await new Promise((resolve) => agent.close(resolve));
    });

    it("takes the user's agent, and the usual files where the agent has no key", async () => {
        const socket = join(folder, "agent");
        const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
        const file = join(folder, "id_ed25519");
        writeFileSync(file, server.clientKey.private, { mode: 0o600 });
        const connection = { ...server.connection, privateKey: undefined };
        const ssh = { agentSocketPath: socket, privateKeys: [join(folder, "none"), file] };
        for (let tries = 0; tries < 100; tries++) {
            const { status } = spawnSync("ssh-add", ["-l"], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
            if (status === 1) break;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.equal((await run(connection, ssh)).stdout, "in\n");
        await failureOf(
            run(connection, { agentSocketPath: socket }),
            "unauthorized",
            /nothing to try.*the agent has no key/,
        );
        execFileSync("ssh-add", ["-q", file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "ignore" });
        assert.equal((await run(connection, { agentSocketPath: socket })).stdout, "in\n");
        assert.equal((await run({ ...connection, agentSocketPath: socket })).stdout, "in\n");
        agent.kill();
        await failureOf(
            run({ ...connection, agentSocketPath: join(folder, "no-agent") }),
            "unauthorized",
            /the agent at \S+no-agent cannot be reached\. Start the agent/,
        );
    });
});
