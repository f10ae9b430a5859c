import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { toolchain } from "../toolchain";
import { compiled } from "./harness/example";
import { Site } from "./harness/site";
import type { Finished, Running } from "./harness/process";
import type { Stack } from "./harness/stack";

const root = resolve(__dirname, "../..");

describe("a fleet of sites, run by the Automation API", function () {
    this.timeout(300_000);
    const sites: Site[] = [];
    let stack: Stack;
    before(async () => {
        for (let count = 0; count < 2; count++) sites.push(await Site.start());
        const [first, second] = sites as [Site, Site];
        stack = await first.stack();
        stack.hypervisors({ h1: { hostname: "h1", kvmModule: "intel" } });
        // one as a user makes it
        await stack.ok("stack", "init", "bcn");
        const { apiUrl, apiSecret } = first.sandbox;
        const set = ["--plaintext", `isardvdi:apiUrl=${apiUrl}`, "--secret", `isardvdi:apiSecret=${apiSecret}`];
        await stack.ok("config", "set-all", "--stack", "bcn", ...set);
        const { apiUrl: url, apiSecret: secret } = second.sandbox;
        stack.add("mad", { apiUrl: url, apiSecret: secret });
        stack.add("vlc", { apiUrl: url, apiSecret: "not-its-secret" });
        // in the project's folder it finds the project's packages
        mkdirSync(folder());
        for (const file of ["bounded", "index", "summary"]) {
            const program = readFileSync(resolve(root, `examples/fleet/${file}.ts`), "utf8");
            writeFileSync(join(folder(), `${file}.js`), compiled(program));
        }
    });
    after(async () => {
        for (const site of sites) await site.stop();
    });

    const folder = (): string => join(stack.project, "fleet");
    const fleet = (...args: string[]): Running =>
        stack.program(toolchain().node, join(folder(), "index.js"), "--program", stack.project, ...args);
    const run = (...args: string[]): Promise<Finished> => fleet(...args).finished;

    it("brings up the sites that can be, tells which one failed and why, and ends with 1", async () => {
        const { code, stdout, output } = await run("bcn", "mad", "vlc", "nowhere", "--parallel", "2");
        assert.equal(code, 1, output);
        for (const site of sites) assert.equal(site.row("h1")?.["status"], "Online", output);
        assert.match(stdout, /^bcn: up begins$/m);
        assert.match(stdout, /^bcn +[\d.]+ s {2}ok {6}2 create$/m);
        assert.match(stdout, /^vlc +[\d.]+ s {2}FAILED {2}.*Unable to .*apiSecret/m);
        assert.match(stdout, /^nowhere +[\d.]+ s {2}FAILED {2}.*nowhere/m);
        assert.match(stdout, /^2 of 4 sites are as the program says$/m);
        assert.doesNotMatch(output, new RegExp(sites.map(({ sandbox }) => sandbox.apiSecret).join("|")));
    });

    it("has nothing to do the second time, and takes the sites down", async () => {
        const again = await run("mad");
        assert.equal(again.code, 0, again.output);
        assert.match(again.stdout, /^mad +[\d.]+ s {2}ok {6}no changes$/m);
        const down = await run("bcn", "mad", "--destroy");
        assert.equal(down.code, 0, down.output);
        for (const site of sites) assert.equal(site.row("h1"), undefined);
    });

    it("tells a wrong flag in a line", async () => {
        const wrong = await run("--parallel", "none");
        assert.equal(wrong.code, 2);
        assert.match(wrong.output, /^--parallel is "none", and no number\n\nUsage: /);
    });
});
