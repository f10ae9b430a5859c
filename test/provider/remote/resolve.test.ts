import { strict as assert } from "node:assert";
import { readConfiguration } from "../../../provider/configuration";
import { resolveConnection } from "../../../provider/remote";
import { failureOf } from "./asking";

const configured = (connections: unknown, environment = {}) =>
    readConfiguration((key) => (key === "isardvdi:connections" ? connections : undefined), environment);

describe("connections by name", () => {
    it("are an object's own business", async () => {
        const connection = { host: "h1" };
        assert.equal(await resolveConnection(connection, configured(undefined)), connection);
    });
    it("take numbers and flags as text, and texts that look like numbers", async () => {
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
            assert.deepEqual(await resolveConnection("h1", configured(value)), {
                host: "h1",
                port: 2222,
                sudo: true,
                password: "1234",
                proxy: { host: "jump", port: 22, user: "7" },
            });
        }
    });
    const mistakes: [string, unknown, RegExp][] = [
        ["a name that is not there", { h2: {} }, /the connection "h1": isardvdi:connections has "h2"/],
        ["no host", { h1: { port: 22 } }, /isardvdi:connections\.h1\.host must be a string/],
        ["a port out of range", { h1: { host: "h1", port: "70000" } }, /connections\.h1\.port must be at most 65535/],
        ["a port that is no number", { h1: { host: "h1", port: "ssh" } }, /connections\.h1\.port must be a/],
        ["a flag that is none", { h1: { host: "h1", sudo: "hunter2" } }, /connections\.h1\.sudo must be true or false/],
        ["an unknown key", { h1: { host: "h1", key: "hunter2" } }, /has no property "key"/],
        [
            "a bad jump host",
            { h1: { host: "h1", proxy: { port: 1 } } },
            /connections\.h1\.proxy\.host must be a string/,
        ],
        ["a text", { h1: "hunter2" }, /isardvdi:connections\.h1 must be an object/],
    ];
    for (const [what, connections, message] of mistakes) {
        it(`name ${what} in one line, without a value`, async () => {
            await failureOf(resolveConnection("h1", configured(connections)), "bad-configuration", message, [
                "hunter2",
            ]);
        });
    }
    it("go with what the user's own ssh would use", () => {
        assert.deepEqual(configured(undefined, { HOME: "/home/me", SSH_AUTH_SOCK: "/run/agent" }).ssh, {
            agentSocketPath: "/run/agent",
            home: "/home/me",
            knownHosts: ["/home/me/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"],
            privateKeys: ["/home/me/.ssh/id_ed25519", "/home/me/.ssh/id_ecdsa", "/home/me/.ssh/id_rsa"],
        });
        assert.deepEqual(configured(undefined).ssh.privateKeys, []);
    });
});
