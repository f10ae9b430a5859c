import { strict as assert } from "node:assert";
import { readConfiguration } from "../../provider/configuration";
import { IsardvdiError } from "../../provider/errors";

const configured = (connections: unknown, environment = {}) =>
    readConfiguration((key) => (key === "isardvdi:connections" ? connections : undefined), environment);

describe("connections by name", () => {
    it("take numbers and flags as text, and texts that look like numbers", () => {
        const connections = {
            h1: {
                host: "h1",
                port: "2222",
                sudo: "true",
                password: 1234,
                proxy: { host: "jump", port: "22", user: 7 },
            },
        };
        for (const value of [connections, JSON.stringify(connections)]) {
            assert.deepEqual(configured(value).connection("h1"), {
                host: "h1",
                port: 2222,
                sudo: true,
                password: "1234",
                proxy: { host: "jump", port: 22, user: "7" },
            });
        }
    });
    const key = "isardvdi:connections\\.h1";
    const mistakes: [string, unknown, string][] = [
        ["a name that is not there", { h2: {} }, 'the connection "h1": isardvdi:connections has "h2"'],
        ["no host", { h1: { port: 22 } }, `${key}\\.host is not set`],
        ["a port out of range", { h1: { host: "h1", port: "70000" } }, `${key}\\.port is not a port number`],
        ["a port that is no number", { h1: { host: "h1", port: "ssh" } }, `${key}\\.port is not a port number`],
        ["a flag that is none", { h1: { host: "h1", sudo: "hunter2" } }, `${key}\\.sudo is not true or false`],
        ["an unknown key", { h1: { host: "h1", key: "hunter2" } }, `${key}\\.key is not a known key`],
        ["a bad jump host", { h1: { host: "h1", proxy: { port: 1 } } }, `${key}\\.proxy\\.host is not set`],
        ["a host key that is none", { h1: { host: "h1", hostKey: "hunter2" } }, `${key}\\.hostKey is no public key`],
        [
            "a private key with its line breaks written out",
            { h1: { host: "h1", privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\\nhunter2\\n" } },
            `${key}\\.privateKey has "\\\\n" written out`,
        ],
        ["a text", { h1: "hunter2" }, `${key} is no object`],
    ];
    for (const [what, connections, message] of mistakes) {
        it(`name ${what} in one line, without a value`, () => {
            assert.throws(
                () => configured(connections).connection("h1"),
                (error) => {
                    assert.ok(error instanceof IsardvdiError && error.code === "bad-configuration");
                    assert.match(error.message, new RegExp(message));
                    assert.ok(!/hunter2|\n/.test(error.message), error.message);
                    return true;
                },
            );
        });
    }
    it("go with what the user's own ssh would use", () => {
        assert.deepEqual(configured(undefined, { HOME: "/home/me", SSH_AUTH_SOCK: "/run/agent" }).ssh, {
            agentSocketPath: "/run/agent",
            home: "/home/me",
            config: "/home/me/.ssh/config",
            knownHosts: ["/home/me/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"],
            privateKeys: ["/home/me/.ssh/id_ed25519", "/home/me/.ssh/id_ecdsa", "/home/me/.ssh/id_rsa"],
        });
        assert.deepEqual(configured(undefined).ssh.privateKeys, []);
    });
});
