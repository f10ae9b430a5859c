import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quietTail } from "../../../provider/isardvdi-cfg/host/quiet";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** What stands in the files, what a log says of it, and what may not be left of that. */
const leaks: readonly { what: string; cfg: string; log: string; secret: string }[] = [
    { what: "a value", cfg: "K_SECRET=hunter22", log: "pull with hunter22", secret: "hunter22" },
    { what: "a value in double quotes", cfg: 'K_SECRET="hun ter22"', log: "x hun ter22 x", secret: "ter22" },
    { what: "a value in single quotes", cfg: "K='hun$ter22' # why", log: "x hun$ter22 x", secret: "ter22" },
    { what: "a value with an escaped quote", cfg: 'K="hun\\"ter22"', log: 'x hun"ter22 x', secret: "ter22" },
    { what: "a commented value", cfg: "#K_SECRET=hunter22", log: "hunter22", secret: "hunter22" },
    { what: "a quoted value in a comment", cfg: "# K='hun ter22'", log: "hun ter22", secret: "ter22" },
    { what: "a remark's own word", cfg: "# before it was hunter22", log: "hunter22", secret: "hunter22" },
    { what: "a remark behind a value", cfg: "DOMAIN=d # was hunter22", log: "hunter22", secret: "hunter22" },
    { what: "the first of two exports", cfg: "export A=hunter22 B=second", log: "hunter22", secret: "hunter22" },
    { what: "the second of two exports", cfg: "export A=first B=hunter22", log: "hunter22", secret: "hunter22" },
    { what: "a word of a command", cfg: "login --with hunterpass", log: "hunterpass", secret: "hunterpass" },
    { what: "an expansion", cfg: "P=ter2\nK=hun${P}2", log: "x hunter22 x", secret: "hunter22" },
    { what: "what a command says", cfg: "K=$(printf hun%s ter22)", log: "hunter22", secret: "hunter22" },
    { what: "a value over two lines", cfg: 'K="hunter\nter22x"', log: "hunter\nter22x", secret: "ter22x" },
    { what: "a value before a syntax error", cfg: "P=ter2\nK=hun${P}2\nX='", log: "hunter22", secret: "hunter22" },
    { what: "a value before an exit", cfg: "P=ter2\nK=hun${P}2\nexit 1", log: "hunter22", secret: "hunter22" },
    { what: "base64 of a value", cfg: "K=hunter22", log: `x ${base64("hunter22")}`, secret: base64("hunter22") },
    {
        what: "base64 in which a value begins at any place",
        cfg: "K=hunter22",
        log: ["", "1", "12", "admin:"].map((before) => `x ${base64(`${before}hunter22!`)} y`).join("\n"),
        secret: "aHVudGVyMjI|MWh1bnRlcjIy|MTJodW50ZXIyMi|YWRtaW46aHVudGVyMjI",
    },
    {
        what: "base64 behind other words of its kind",
        cfg: "K=hunter22",
        log: `a/${base64("hunter22")}`,
        secret: "aHVudG",
    },
    { what: "a value that is base64", cfg: "K=aHVudGVyMjI=", log: "x aHVudGVyMjI= x", secret: "aHVudGVyMjI" },
    { what: "a value in JSON", cfg: "K='hun\"ter22'", log: '{"k":"hun\\"ter22"}', secret: "ter22" },
    { what: "a value in a compose file", cfg: "K='hun$ter22'", log: "k: hun$$ter22", secret: "ter22" },
    { what: "a value in colours", cfg: "K=hunter22", log: "\u001b[31mhun\u001b[0mter22", secret: "ter22" },
    { what: "a secret of digits", cfg: "K_PASSWORD=1234", log: "pin 1234", secret: "1234" },
];

describe("the end of a build's log", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "quiet-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    const written = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
    };
    /** It ends by itself: the limit is the runner's. */
    const shown = (log: string, ...cfgs: string[]): string =>
        execFileSync("sh", ["-c", `${quietTail}\nquiet_tail "$@"`, "sh", written("log", log), ...cfgs], {
            encoding: "utf8",
            timeout: 60_000,
        });

    for (const { what, cfg, log, secret } of leaks)
        it(`shows no part of ${what}`, () => {
            assert.match(log, new RegExp(secret), "the table's own mistake");
            const said = shown(`${log}\nlast\n`, written("isardvdi.cfg", `FLAVOUR=x\n${cfg}\n`));
            assert.doesNotMatch(said, new RegExp(secret));
            assert.match(said, /\[secret\][^]*\nlast\n$/);
        });

    it("shows no value of a second file, and leaves what explains the failure", () => {
        const first = written("isardvdi.cfg", "DOMAIN=isard.example.org\nFLAVOUR=all-in-one\nENABLE=true\n");
        const second = written("isardvdi.other.cfg", "OTHER_SECRET=hunter22\n");
        const log = "cannot reach isard.example.org as all-in-one with hunter22: true\n";
        assert.equal(shown(log, first, second), "cannot reach isard.example.org as all-in-one with [secret]: true\n");
    });

    it("ends where a value stands inside what is put in for it", () => {
        const cfg = written("isardvdi.cfg", "A=secret\nB_PASSWORD=[secret]\nC=ecre\n");
        assert.equal(shown("secret [secret] ecre\n", cfg), "[secret] [secret] [secret]\n");
    });

    it("shows no terminal sequence, no endless line and no part of a line that it does not show whole", () => {
        const cfg = written("isardvdi.cfg", "K=hunter22\n");
        const log = `${"hunter22 ".repeat(20_000)}\nbell\u0007 \u001b]0;title\u0007\u009b2J \u202ercs\n`;
        assert.equal(shown(log, cfg), "bell? ?2J ?rcs\n");
        assert.equal(shown(`${"hunter22".repeat(600)}\nlast\n`, cfg), "(a line of 4800 characters)\nlast\n");
    });

    it("takes a file that waits or hangs for no more than its text", () => {
        const cfg = written("isardvdi.cfg", "K=hunter22\nread line\nsleep 600\n");
        assert.equal(shown("hunter22\n", cfg), "[secret]\n");
    }).timeout(60_000);
});
