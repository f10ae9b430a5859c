import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownName, namesHost, parseKnownHosts } from "../../../../provider/remote/trust/known-hosts";
import { newKey } from "../server";

const key = newKey().public.split(" ").slice(0, 2).join(" ");

describe("known_hosts", () => {
    let folder: string;
    let file: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "known-hosts-"));
        file = join(folder, "known_hosts");
    });
    after(() => rmSync(folder, { recursive: true }));

    const names = ["h1.example.org", "H1.Example.org", "h2.example.org", "h1.example.org.evil.test", "10.0.0.7", "::1"];
    const fields = [
        "h1.example.org",
        "H1.EXAMPLE.ORG",
        "h1.example.org,10.0.0.7",
        "*.example.org",
        "h?.example.org",
        "*",
        "*,!h1.example.org",
        "!h1.example.org,*.example.org",
        "!*.example.org",
        "[h1.example.org]:2222",
        "[*.example.org]:2222",
        "[10.0.0.7]:*",
        "10.0.0.*",
        "::1",
        "*a*b*c*",
    ];
    const listed = (text: string, name: string): boolean =>
        parseKnownHosts(text, file).some(({ hosts }) => namesHost(hosts, name));

    for (const field of fields) {
        it(`reads "${field}" as ssh-keygen does`, () => {
            const text = `${field} ${key}\n`;
            writeFileSync(file, text);
            for (const host of names) {
                for (const port of [22, 2222]) {
                    const name = knownName(host, port);
                    const { stdout } = spawnSync("ssh-keygen", ["-F", name, "-f", file], { encoding: "utf8" });
                    assert.equal(listed(text, name), stdout.includes(key), `${name} in "${field}"`);
                }
            }
        });
    }

    it("reads hashed names as ssh-keygen writes them", () => {
        writeFileSync(file, `h1.example.org ${key}\n[h1.example.org]:2222 ${key}\n`);
        execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
        const text = readFileSync(file, "utf8");
        assert.match(text, /^\|1\|/);
        assert.ok(listed(text, "h1.example.org") && listed(text, "[h1.example.org]:2222"));
        assert.ok(!listed(text, "h2.example.org") && !listed(text, "[h1.example.org]:2223"));
    });

    it("skips comments, nonsense and keys that are not what they say", () => {
        const base64 = key.split(" ")[1] ?? "";
        const text = [
            "# h1 ssh-ed25519 AAAA",
            "",
            "h1",
            "h1 ssh-ed25519",
            `h1 ssh-rsa ${base64}`,
            "h1 ssh-ed25519 %%%%",
            `@unheard-of h1 ${key}`,
            `|1|bad h1 ${key}`,
        ].join("\n");
        assert.deepEqual(
            parseKnownHosts(text, file).filter(({ hosts }) => namesHost(hosts, "h1")),
            [],
        );
    });

    it("knows the line of each entry, and which are revoked or authorities", () => {
        const text = `# a comment\r\n\r\n@revoked h1 ${key} a comment\r\n h1\t${key}\n@cert-authority *.org ${key}`;
        const entries = parseKnownHosts(text, "/file");
        assert.deepEqual(
            entries.map(({ where, mark, type }) => [where, mark, type]),
            [
                ["/file:3", "revoked", "ssh-ed25519"],
                ["/file:4", "", "ssh-ed25519"],
                ["/file:5", "ca", "ssh-ed25519"],
            ],
        );
    });
});
