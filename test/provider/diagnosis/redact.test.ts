import { strict as assert } from "node:assert";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { redact } from "../../../provider/diagnosis/redact";

const wireguardKey = randomBytes(32).toString("base64");
const { privateKey } = generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
});
const token =
    [{ alg: "HS256" }, { data: { role_id: "admin" } }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".") + ".c2lnbmVk";

/** A line of a log, and what may not be left of it. */
const lines: readonly [string, string][] = [
    [`PrivateKey = ${wireguardKey}`, wireguardKey],
    [`peer ${wireguardKey} has a handshake`, wireguardKey],
    [`  private key: ${wireguardKey}`, wireguardKey],
    ["preshared key: c2hvcnQ", "c2hvcnQ"],
    [`wrote ${privateKey} to the host`, "MC4CAQ"],
    [privateKey.slice(0, 60), privateKey.slice(30, 55)],
    [`Authorization: Bearer ${token}`, token],
    [`GET /?jwt=${token}`, token.slice(10)],
    ["Authorization: Basic YWRtaW46c2VjcmV0", "YWRtaW46"],
    ["API_HYPERVISORS_SECRET=hunter2", "hunter2"],
    ["RETHINKDB_PASSWORD='hun ter2'", "hun ter2"],
    ['{"password": "hun\\"ter2", "user": "admin"}', "ter2"],
    ["{'api_key': 'hunter2'}", "hunter2"],
    ["token: hunter2, next", "hunter2"],
    ["error: password=hunter2", "hunter2"],
    ["said: error: ISARD_SECRET: hunter2", "hunter2"],
    ["redis://isard:hunter2@isard-redis:6379", "hunter2"],
    ["ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB engine", "AAAAB3Nza"],
];

describe("redaction", () => {
    for (const [line, secret] of lines)
        it(`takes the secret out of ${JSON.stringify(line.replaceAll("\n", " ").slice(0, 40))}`, () => {
            assert.ok(line.includes(secret), "the table's own mistake");
            assert.ok(!redact(line).includes(secret), redact(line));
        });

    it("leaves what explains a failure", () => {
        for (const line of [
            "private key: (hidden)",
            "latest handshake: 3 minutes, 2 seconds ago",
            "h1.example.org: Cannot connect to libvirt",
            "qemu+ssh://root@h1.example.org:2022/system",
            "-A DOCKER-USER -p tcp -m tcp --dport 2022 -j ACCEPT",
            "allowed ips: 10.1.0.2/32",
        ])
            assert.equal(redact(line), line);
    });

    it("takes out any WireGuard key, wherever it stands", () =>
        fc.assert(
            fc.property(
                fc.uint8Array({ minLength: 32, maxLength: 32 }),
                fc.constantFrom("", " ", '"', "peer:"),
                (bytes, before) => {
                    const key = Buffer.from(bytes).toString("base64");
                    return !redact(`${before}${key}${before && " "} end`).includes(key);
                },
            ),
        ));
});
