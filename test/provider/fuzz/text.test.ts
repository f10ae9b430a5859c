import { strict as assert } from "node:assert";
import fc from "fast-check";
import { peersOf } from "../../../provider/diagnosis/probe/wireguard";
import { sectionsOf } from "../../../provider/diagnosis/probe/sections";
import { keysOf } from "../../../provider/diagnosis/probe/server";
import { redact } from "../../../provider/diagnosis/redact";
import { parseNft } from "../../../provider/firewall/foreign/nft";
import { parseFirewalld } from "../../../provider/firewall/foreign/firewalld-settings";
import { parseSave, splitWords } from "../../../provider/firewall/save";
import { classify } from "../../../provider/isardvdi/answers";
import { refusalOf } from "../../../provider/isardvdi/watch/refusal";
import { Cfg } from "../../../provider/isardvdi-cfg/document";
import { printable } from "../../../provider/printable";
import { dialFailure } from "../../../provider/remote/dial/failures";
import { parseKnownHosts } from "../../../provider/remote/trust/known-hosts";
import { some, spoilt } from "./hostile";

const cfg = `# IsardVDI\nFLAVOUR=web\n#DOMAIN=d\nA='x y' # why\nexport B="a\\"b$C"\nD=\${E:-f}\nexport F=g H=i\nI="two\nlines"\n`;
/** What reads a text of others, each as far as it goes. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
    cfg: (text) => Cfg.parse(Buffer.from(text)).read("A"),
    "iptables-save": (text) => parseSave(`*nat\n-A X ${text}\nCOMMIT`),
    words: splitWords,
    nft: parseNft,
    firewalld: parseFirewalld,
    "an error of the API": (text) => classify({ status: 500, contentType: "text/plain", text, body: undefined }),
    "an error of the database": (text) => refusalOf(new Error(text), "of the site"),
    "an error of SSH": (text) => dialFailure({ host: "h1" }, new Error(text)),
    known_hosts: (text) => parseKnownHosts(text, "known_hosts"),
    "a probe": sectionsOf,
    wg: (text) => peersOf(`peer: x\n  latest handshake: ${text}\n`),
    keys: keysOf,
    evidence: redact,
    "a terminal's line": printable,
};

describe("a text that others wrote", function () {
    this.timeout(120_000);

    it("is an isardvdi.cfg that is kept byte for byte, and changed in one place", () =>
        fc.assert(
            fc.property(spoilt(cfg), (text) => {
                const bytes = Buffer.from(text);
                const parsed = Cfg.parse(bytes);
                assert.deepEqual(parsed.bytes(), bytes);
                if (parsed.brokenLine() !== undefined) return;
                const changed = parsed.set("NEW_KEY", "value");
                assert.ok(changed.bytes().length >= bytes.length + "NEW_KEY=value\n".length);
                assert.equal(changed.raw("NEW_KEY"), "value");
            }),
            some(0.1),
        ));

    it("is read without a crash", () =>
        fc.assert(
            fc.property(spoilt(cfg), fc.constantFrom(...Object.values(readers)), (text, read) => void read(text)),
            some(0.05),
        ));

    // what is worse than linear takes minutes for one of these, and the runner's limit ends it
    const words = [
        "1",
        " ",
        "\t",
        "=",
        '"\\',
        '"',
        "'",
        "\\",
        "eyJ",
        "-eyJ",
        "src=1 dst=1 ",
        "sudo.",
        "forwarding",
        "\u001b[",
        "${",
        "$(",
        "#",
        "://",
        "a:",
        "ssh-rsa ",
        "-----BEGIN PRIVATE KEY-----",
        "==a 0\n",
        "-A X\n",
    ];
    for (const [name, read] of Object.entries(readers))
        it(`may have words of 200 kB: ${name}`, () => {
            for (const word of words) {
                const long = word.repeat(Math.ceil(200_000 / word.length));
                read(long);
                read(`${long}\u0000`);
                read(`password="${long}`);
            }
        });
});
