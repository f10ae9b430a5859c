import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../tools/test/run";
import { type Suite, suites } from "../../tools/test/suites";

const root = join(__dirname, "..", "..");

describe("the test runner", () => {
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), "runner-"))));
    after(() => rmSync(folder, { recursive: true }));

    const mocha = (name: string, text: string): Suite => {
        const file = join(folder, `${name}.test.js`);
        writeFileSync(file, text);
        return {
            name,
            command: ["npx", "mocha", "--no-config", "--reporter", "tools/test/reporter.js", file],
            limit: 30,
            quiet: true,
        };
    };
    const lines = async (...suites: Suite[]): Promise<{ code: number; last: string; all: string }> => {
        const printed: string[] = [];
        const code = await run(suites, root, (text) => printed.push(text));
        return { code, last: printed.at(-1) ?? "", all: printed.join("\n") };
    };

    it("adds up the counts of all suites in its last line", async () => {
        const two = mocha("two", 'it("a", () => {}); it("b", () => {});');
        const { code, last } = await lines(two, { name: "true", command: ["true"], limit: 10, single: true });
        assert.equal(last, "3 passed, 0 failed");
        assert.equal(code, 0);
    });
    it("fails when one test fails, and names it and what was skipped just before the last line", async () => {
        const mixed = mocha(
            "mixed",
            'it("a", () => {}); it("b", () => { throw new Error("no"); }); it.skip("needs a moon", () => {});',
        );
        const { code, last, all } = await lines(mixed);
        assert.equal(last, "1 passed, 1 failed, 1 skipped");
        assert.match(all, /SKIPPED in mixed: needs a moon\nFAILED in mixed: b: no\n/);
        assert.equal(code, 1);
    });
    it("fails when a suite runs no test", async () => {
        const { code, last, all } = await lines(mocha("none", ""));
        assert.equal(last, "0 passed, 1 failed");
        assert.match(all, /ran no test/);
        assert.equal(code, 1);
    });
    it("fails when a suite breaks before it counts", async () => {
        const { code, all } = await lines(mocha("broken", "process.exit(0)"));
        assert.equal(code, 1);
        assert.match(all, /before it counted/);
    });
    it("ends a suite that hangs, with all it has started", async () => {
        const { code, all } = await lines({
            name: "hangs",
            command: ["sh", "-c", "sleep 60 & sleep 60"],
            limit: 0.5,
            single: true,
        });
        assert.equal(code, 1);
        assert.match(all, /ended after 0.5 s/);
    });
    it("ends what a suite has left running", async () => {
        const pid = join(folder, "pid");
        const command = ["sh", "-c", `sleep 60 & echo $! > ${pid}`];
        await lines({ name: "leaves", command, limit: 10, single: true });
        const state = (): string => {
            try {
                // a zombie has ended too
                return readFileSync(`/proc/${readFileSync(pid, "utf8").trim()}/stat`, "utf8").split(" ")[2] ?? "";
            } catch {
                return "gone";
            }
        };
        for (let tries = 0; tries < 50 && !["gone", "Z"].includes(state()); tries++)
            await new Promise((resolve) => setTimeout(resolve, 20));
        assert.match(state(), /gone|Z/);
    });
    it("leaves no test file out", () => {
        const folders = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith(".test.ts"))
            .map((file) => `test/${file.split("/")[0] ?? ""}/**/*.test.ts`);
        const run = new Set(suites.flatMap(({ command }) => command));
        assert.deepEqual(
            [...new Set(folders)].filter((pattern) => !run.has(pattern)),
            [],
        );
    });
});
