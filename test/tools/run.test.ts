import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chosenJobs, type Job, jobsOf } from "../../tools/test/jobs";
import { run } from "../../tools/test/run";
import { type Suite, suites } from "../../tools/test/suites";

const root = join(__dirname, "..", "..");

describe("the test runner", () => {
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), "runner-"))));
    after(() => rmSync(folder, { recursive: true }));

    const mocha = (name: string, text: string): Job => {
        const file = join(folder, `${name}.test.js`);
        writeFileSync(file, text);
        const argv = ["node_modules/.bin/mocha", "--no-config", "--reporter", "tools/test/reporter.js", file];
        return { name, suite: { name, limit: 30 }, argv };
    };
    const command = (name: string, script: string, more: Partial<Suite> = {}): Job => {
        const suite = { name, command: ["sh", "-c", script], limit: 10, ...more };
        return { name, suite, argv: suite.command };
    };
    const lines = async (...jobs: Job[]): Promise<{ code: number; last: string; all: string }> => {
        const printed: string[] = [];
        const code = await run(jobs, root, 2, (text) => printed.push(text));
        return { code, last: printed.at(-1) ?? "", all: printed.join("\n") };
    };

    it("adds up the counts of all suites in its last line", async () => {
        const two = mocha("two", 'it("a", () => {}); it("b", () => {});');
        const { code, last } = await lines(two, command("true", "true"));
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
    it("runs what has failed once more where it is asked to, and tells what was flaky", async () => {
        const tried = join(folder, "tried");
        const flaky = mocha(
            "flaky",
            `const fs = require("node:fs"); it("a", () => {
                if (fs.existsSync(${JSON.stringify(tried)})) return;
                fs.writeFileSync(${JSON.stringify(tried)}, "");
                throw new Error("once");
            });`,
        );
        const printed: string[] = [];
        const jobs = [flaky, command("broken", "false")];
        assert.equal(await run(jobs, root, 2, (text) => printed.push(text), { again: true }), 1);
        const all = printed.join("\n");
        assert.match(all, /FLAKY, passed when run again alone, in flaky: a: once\nFAILED in broken: ended with 1\n/);
        assert.equal(printed.at(-1), "1 passed, 1 failed");
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
        const { code, all } = await lines(command("hangs", "sleep 60 & sleep 60", { limit: 0.5 }));
        assert.equal(code, 1);
        assert.match(all, /ended after 0.5 s/);
    });
    it("ends what a suite has left running", async () => {
        const pid = join(folder, "pid");
        await lines(command("leaves", `sleep 60 & echo $! > ${pid}`));
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
    it("tells the processor seconds of all that a job has started", async () => {
        const burn = "while (process.cpuUsage().user < 300000);";
        const { all } = await lines(command("burns", `node -e '${burn}' | cat`));
        const seconds = Number(/burns +passed 1, failed 0, [\d.]+ s, processor ([\d.]+) s/.exec(all)?.[1]);
        assert.ok(seconds >= 0.3, all);
    });
    it("starts a job once what it needs is there, and leaves it out when that has failed", async () => {
        const order = join(folder, "order");
        const { all, last, code } = await lines(
            command("second", `echo second >>${order}`, { needs: ["cli"] }),
            command("never", `echo never >>${order}`, { needs: ["lab"] }),
            command("(cli)", `sleep 0.2; echo first >>${order}`, { gives: "cli", isPreparation: true }),
            command("(lab)", "exit 3", { gives: "lab", isPreparation: true }),
        );
        assert.equal(readFileSync(order, "utf8"), "first\nsecond\n");
        assert.match(all, /LEFT OUT: never, for it needs the lab\nFAILED in \(lab\): ended with 3\n/);
        assert.deepEqual([last, code], ["1 passed, 1 failed", 1]);
    });
    it("takes suites, files and the beginnings of paths, with what those need first", () => {
        const names = (...chosen: string[]): string[] => chosenJobs(chosen, suites, root).map(({ name }) => name);
        assert.deepEqual(names("test/lab/trace.test.ts"), ["tsc", "(lab)", "(docker)", "lab/trace"]);
        assert.deepEqual(names("lab/tr"), ["tsc", "(lab)", "(docker)", "lab/trace"]);
        assert.deepEqual(names("prettier"), ["prettier"]);
        assert.throws(
            () => names("lba"),
            /"lba" is neither a suite nor a test file. The suites: tsc, lifecycle, .*prettier\.$/,
        );
    });
    it("leaves no test file out", () => {
        const all = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" });
        const files = all.filter((file) => file.endsWith(".test.ts")).map((file) => `test/${file}`);
        const run = new Set(suites.flatMap((suite) => jobsOf(suite, root).flatMap(({ argv }) => argv)));
        assert.deepEqual(
            files.filter((file) => !run.has(file)),
            [],
        );
    });
});
