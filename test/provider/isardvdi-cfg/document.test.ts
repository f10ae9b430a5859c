import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { IsardvdiError } from "../../../provider/errors";
import { Cfg } from "../../../provider/isardvdi-cfg/document";
import { quoted } from "../../../provider/isardvdi-cfg/quoting";
import { asShell, composeReader } from "./readers";
import { file, names, wanted } from "./shapes";

const key = fc.constantFrom(...names);
const acceptable = wanted.filter((value) => "raw" in quoted(value));
const parse = (text: string): Cfg => Cfg.parse(Buffer.from(text));
const text = (cfg: Cfg): string => cfg.bytes().toString();

/** A command in the file may end the shell that reads it. */
const runsNothing = (cfg: Cfg): boolean => cfg.statements.every(({ kind }) => kind !== "foreign" && kind !== "broken");

describe("an isardvdi.cfg", function () {
    // a process of sh for each key of each file
    this.timeout(180_000);
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), "cfg-"))));
    after(() => rmSync(folder, { recursive: true }));

    it("is written as it was read, byte for byte", () => {
        fc.assert(fc.property(file, (bytes) => Cfg.parse(bytes).bytes().equals(bytes)));
        fc.assert(
            fc.property(fc.uint8Array(), (bytes) => Cfg.parse(Buffer.from(bytes)).bytes().equals(Buffer.from(bytes))),
        );
        const lexed = fc.string({
            unit: fc.constantFrom("'", '"', "\\", "$", "(", ")", "{", "}", "`", "\n", "\r", "#", " ", "A=", "="),
        });
        fc.assert(fc.property(lexed, (each) => text(parse(each)) === each));
    });

    it("is read as sh reads it", () => {
        fc.assert(
            fc.property(file, key, (bytes, name) => {
                const cfg = Cfg.parse(bytes);
                const seen = cfg.read(name);
                fc.pre(seen.state !== "expanded" && runsNothing(cfg));
                assert.equal(asShell(folder, bytes, name), seen.state === "set" ? seen.value : undefined);
            }),
            { numRuns: 150 },
        );
    });

    it("holds a value that was set as sh reads it, and every other key as before", () => {
        fc.assert(
            fc.property(file, key, acceptable, (bytes, name, value) => {
                const before = Cfg.parse(bytes);
                fc.pre(runsNothing(before));
                const changed = before.set(name, value);
                assert.deepEqual(changed.read(name), {
                    state: "set",
                    value,
                    raw: (changed.read(name) as { raw: string }).raw,
                });
                assert.equal(asShell(folder, changed.bytes(), name), value);
                // what stands after an expansion of the changed key follows it, and so proves nothing
                for (const other of names.filter((each) => each !== name && before.read(each).state !== "expanded"))
                    assert.equal(asShell(folder, changed.bytes(), other), asShell(folder, bytes, other));
            }),
            { numRuns: 60 },
        );
    });

    it("is the same file again when a value that was set is put back", () => {
        fc.assert(
            fc.property(file, key, acceptable, (bytes, name, value) => {
                const before = Cfg.parse(bytes);
                const after = before.set(name, value).put(name, before.raw(name));
                const bareValue = before.read(name).state !== "absent" && !bytes.toString().endsWith("\n");
                const same = after.bytes().equals(bytes);
                assert.ok(same || (bareValue && after.bytes().equals(Buffer.concat([bytes, Buffer.from("\n")]))));
            }),
            { numRuns: 500 },
        );
    });

    it("ends in a line end after a value of ours, for build.sh appends a line to a copy of it", () => {
        fc.assert(
            fc.property(file, key, acceptable, (bytes, name, value) => {
                const changed = Cfg.parse(bytes).set(name, value);
                if (changed.bytes().equals(bytes)) return;
                const appended = Buffer.concat([changed.bytes(), Buffer.from("BUILD_ROOT_PATH=/x\n")]);
                assert.equal(Cfg.parse(appended).read(name).state, "set");
                assert.equal((Cfg.parse(appended).read(name) as { value: string }).value, value);
            }),
        );
    });

    it("holds a value that was set as docker compose reads it", function () {
        this.timeout(120_000);
        const compose = composeReader();
        // docker compose's own parser needs Go and its modules; without them only sh is asked
        if (!compose) return this.skip();
        const values = fc.sample(acceptable, 3000);
        const read = compose(values.map((value) => `A=1\n${text(parse("").set("KEY", value))}BUILD_ROOT_PATH=/x\n`));
        assert.deepEqual(
            read.map((each) => each["KEY"]),
            values,
        );
    });

    const placed: [what: string, before: string, after: string][] = [
        ["in its line", "A=1\nKEY=old # why\nB=2\n", "A=1\nKEY=new # why\nB=2\n"],
        ["in the last of several lines, which sh takes", "KEY=1\nKEY=2\n", "KEY=1\nKEY=new\n"],
        ["behind export", "export KEY='a b'\n", "export KEY=new\n"],
        ["after its commented default", "#KEY=x\nB=2\n", "#KEY=x\nKEY=new\nB=2\n"],
        ["at the end", "B=2\n", "B=2\nKEY=new\n"],
        ["before a last line without an end", "A=1\nB=2", "A=1\nKEY=new\nB=2"],
        ["in a last line without an end, which gets one", "A=1\nKEY=2", "A=1\nKEY=new\n"],
        ["without the carriage return that sh would read", "A=1\r\nKEY=2\r\nB=3\r\n", "A=1\r\nKEY=new\nB=3\r\n"],
        ["for a value over two lines", "KEY='a\nb'\nB=2\n", "KEY=new\nB=2\n"],
        [
            "at the end, where a line that sh runs may set it",
            "#KEY=\neval KEY=1\nB=2\n",
            "#KEY=\neval KEY=1\nB=2\nKEY=new\n",
        ],
        ["in an empty file", "", "KEY=new\n"],
        ["after a last line that a backslash would carry into it", "echo a\\", "echo a\\\n\nKEY=new\n"],
        ["after a last line whose backslash has taken its line end", "echo a\\\n", "echo a\\\n\nKEY=new\n"],
        ["after a last line that ends in two backslashes", "echo a\\\\\n", "echo a\\\\\nKEY=new\n"],
        ["before a value that a backslash would carry into it", "A=b\\\n", "KEY=new\nA=b\\\n"],
    ];
    for (const [what, before, after] of placed)
        it(`gets a value ${what}`, () => assert.equal(text(parse(before).set("KEY", "new")), after));

    it("tells a value that the shell expands from one that it knows", () => {
        assert.equal(parse("KEY=$DOMAIN\n").read("KEY").state, "expanded");
        assert.equal(parse('KEY="`id`"\n').read("KEY").state, "expanded");
        assert.equal(parse("KEY=1\neval KEY=2\n").read("KEY").state, "foreign");
        assert.deepEqual(parse("KEY='$DOMAIN'\n").read("KEY"), { state: "set", value: "$DOMAIN", raw: "'$DOMAIN'" });
    });

    it("tells the line where sh finds no end of a quote", () => {
        assert.equal(parse("A=1\nB='x\nC=2\n").brokenLine(), 2);
        assert.equal(parse("A=1\n").brokenLine(), undefined);
    });

    const refused: [string, RegExp][] = [
        ["a\nb", /line break/],
        ["it's $5", /single quote together/],
        ["ends\\", /backslash/],
        ["a\\\\b", /backslash/],
        ["${A}", /docker-compose 1/],
    ];
    for (const [value, reason] of refused)
        it(`refuses ${JSON.stringify(value)}, and shows no value in the error`, () => {
            assert.throws(
                () => parse("").set("KEY", value),
                (error) => {
                    assert.ok(error instanceof IsardvdiError);
                    assert.match(error.message, reason);
                    return !error.message.includes(value);
                },
            );
        });
});
