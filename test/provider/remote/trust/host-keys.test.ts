import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionArgs } from "../../../../provider/connection";
import { asking, closeAll, failureOf, remotesWith } from "../asking";
import { newKey, TestServer } from "../server";

describe("host keys", () => {
    let server: TestServer;
    let folder: string;
    let file: string;
    const rsa = { private: "", public: "" };
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "host-keys-"));
        file = join(folder, "known_hosts");
        execFileSync("ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f", join(folder, "rsa")]);
        rsa.private = readFileSync(join(folder, "rsa"), "utf8");
        rsa.public = readFileSync(join(folder, "rsa.pub"), "utf8").trim();
        server = await TestServer.start();
    });
    after(async () => {
        await server.stop();
        rmSync(folder, { recursive: true });
    });
    afterEach(closeAll);

    const name = (): string => `[127.0.0.1]:${server.port}`;
    const known = (...lines: string[]): string => (writeFileSync(file, lines.join("\n")), file);
    const connection = (changes: Partial<ConnectionArgs>): ConnectionArgs => ({
        ...server.connection,
        hostKey: undefined,
        ...changes,
    });
    const reach = (changes: Partial<ConnectionArgs>, knownHosts: string[] = []) =>
        remotesWith({ knownHosts }).open(connection(changes)).run("echo in", asking());
    const print = (key: string): string =>
        execFileSync("ssh-keygen", ["-lf", "-"], { input: key, encoding: "utf8" }).split(" ")[1] ?? "";

    it("are accepted from known_hosts, the user's own or a given one", async () => {
        const path = known("# comment", `${name()} ${server.hostKey.public}`);
        assert.equal((await reach({}, [join(folder, "missing"), path])).stdout, "in\n");
        assert.equal((await reach({ knownHosts: path })).stdout, "in\n");
        known(`127.0.0.1 ${server.hostKey.public}`);
        assert.equal((await reach({ knownHosts: path })).stdout, "in\n");
    });
    it("are accepted when pinned as text, a fingerprint, a line of known_hosts or of a tool, or one of several", async () => {
        const { public: text } = server.hostKey;
        const pins = [
            text,
            `${text} root@h1`,
            print(text),
            `${newKey().public}\n${text}\n`,
            `${name()} ${text}`,
            `|1|c2FsdA==|aGFzaA== ${text}`,
            `# 127.0.0.1:22 SSH-2.0-OpenSSH_9.2p1\n127.0.0.1 ${newKey().public}\r\n127.0.0.1 ${text}\r\n`,
            `256 ${print(text)} root@h1 (ED25519)`,
        ];
        for (const hostKey of pins) {
            assert.equal((await reach({ hostKey })).stdout, "in\n");
        }
    });
    it("may be ignored only when that was asked for", async () => {
        assert.equal((await reach({ insecureIgnoreHostKey: true })).stdout, "in\n");
    });

    it("that are unknown are refused once, with fingerprint and line", async () => {
        const { connections } = server;
        const path = known("");
        const error = await failureOf(
            reach({}, [path]),
            "host-key",
            /presents the key ssh-ed25519 SHA256:\S+, which no known_hosts file lists\. Compare/,
        );
        assert.equal(server.connections - connections, 1);
        assert.ok(error.message.includes(print(server.hostKey.public)));
        assert.ok(
            error.message.includes(`add this line to ${path}: ${name()} ${server.hostKey.public}`),
            error.message,
        );
        // the advice works as it stands
        known(/add this line to \S+: (.*) \(or set/.exec(error.message)?.[1] ?? "");
        assert.equal((await reach({ knownHosts: path })).stdout, "in\n");
    });
    it("that were changed are refused, with the line that they contradict", async () => {
        const other = newKey().public;
        const path = known("# first line", `${name()} ${other}`);
        const error = await failureOf(
            reach({ knownHosts: path }),
            "host-key",
            /says ssh-ed25519 SHA256:\S+: the key was changed, or somebody answers in the host's place\. Where the key was changed on purpose/,
        );
        for (const part of [`${path}:2`, print(other), print(server.hostKey.public)]) {
            assert.ok(error.message.includes(part), part);
        }
    });
    it("that differ from the pinned one are refused", async () => {
        for (const hostKey of [newKey().public, print(newKey().public)]) {
            await failureOf(
                reach({ hostKey }),
                "host-key",
                /is not the pinned hostKey.*then set hostKey to "ssh-ed25519/,
            );
        }
    });
    it("that are revoked are refused, whatever else lists them", async () => {
        const path = known(`${name()} ${server.hostKey.public}`, `@revoked * ${server.hostKey.public}`);
        await failureOf(reach({ knownHosts: path }), "host-key", /known_hosts:2 marks as @revoked/);
        known(`@revoked 127.0.0.1 ${server.hostKey.public}`, `${name()} ${server.hostKey.public}`);
        await failureOf(reach({ knownHosts: path }), "host-key", /known_hosts:1 marks as @revoked/);
    });
    it("cannot be checked with a file that cannot be read", async () => {
        const { connections } = server;
        await failureOf(
            reach({ knownHosts: join(folder, "missing") }),
            "host-key",
            /known_hosts file \S+missing cannot be read \(ENOENT\)/,
        );
        await failureOf(reach({}, [folder]), "host-key", /cannot be read \(EISDIR\)/);
        const utf16 = Buffer.from(`\ufeff${name()} ${server.hostKey.public}\r\n`, "utf16le");
        for (const bytes of [utf16, Buffer.from(utf16).swap16()]) {
            writeFileSync(file, bytes);
            await failureOf(reach({}, [file]), "host-key", /known_hosts is UTF-16 text.*Write it anew as UTF-8/);
        }
        assert.equal(server.connections, connections);
        writeFileSync(file, `\ufeff${name()} ${server.hostKey.public}\r\n`);
        assert.equal((await reach({}, [file])).stdout, "in\n");
    });
    it("that are no keys are a mistake of the program's", async () => {
        const { public: text } = server.hostKey;
        const marked = [`@revoked h1 ${text}`, `@cert-authority h1 ${text}`];
        for (const hostKey of ["", "nonsense", "ssh-ed25519 AAAA", "SHA256:short", `${text}\nnonsense`, ...marked]) {
            await failureOf(reach({ hostKey }), "bad-input", /hostKey is no public key and no fingerprint/);
        }
    });

    it("are asked for by the type that is known", async () => {
        const both = await TestServer.start({ hostKeys: [newKey().private, rsa.private] });
        const to = (hostKey: string) =>
            remotesWith()
                .open({ ...both.connection, hostKey })
                .run("echo in", asking());
        assert.equal((await to(rsa.public)).stdout, "in\n");
        assert.equal((await to(print(rsa.public))).stdout, "in\n");
        await both.stop();
    });
    it("of another type than the known one are refused", async () => {
        const path = known(`${name()} ${rsa.public}`);
        await failureOf(
            reach({ knownHosts: path }),
            "host-key",
            /presents the key ssh-ed25519 \S+, but only another type is known for it: ssh-rsa SHA256/,
        );
    });
    it("are verified anew for runAnew and after a lost connection", async () => {
        const own = await TestServer.start();
        const remote = remotesWith().open(own.connection);
        await remote.run("true", asking());
        own.changeHostKey();
        await failureOf(remote.runAnew("true", asking()), "host-key", /is not the pinned hostKey/);
        assert.equal((await remote.run("echo still", asking())).stdout, "still\n");
        own.dropAll();
        await new Promise((resolve) => setTimeout(resolve, 100));
        await failureOf(remote.run("true", asking()), "host-key", /is not the pinned hostKey/);
        await own.stop();
    });
});
