import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import ts from "typescript";
import type { Diagnosis } from "../../provider/diagnosis";
import { HYPERVISOR, rig, type Rig } from "../sandbox/client";
import { toolchain } from "../toolchain";

/** Compiled, as users run it. */
const CLI = resolve(__dirname, "../../dist/cli/main.js");

/** A title, the clipboard, a colour, a bell, C1's own beginning of a sequence, a line that overwrites, a text that turns. */
const hostile =
    "\u001b]0;title\u0007\u001b]52;c;aGk=\u001b\\\u001b[31mred\u0007 \u009b2J over\rwritten \u202egnp.exe \u2066end";
/** By Unicode's own classes: controls but for tab and line feed, and the marks of the bidirectional algorithm. */
const commanding = /[^\P{Cc}\t\n]|\p{Bidi_Control}/u;

describe("what an API says, in the output of the command line", () => {
    let site: Rig;
    before(async () => {
        site = await rig({ generation: "v4" });
        site.sandbox.engine.stop();
        site.sandbox.hypervisors.set("hyper-1", {
            ...{ id: "hyper-1", hostname: "h1", port: "2022", user: "root", enabled: true, status: "Error" },
            ...{ capabilities: { disk_operations: true, hypervisor: true }, kvm_module: HYPERVISOR.kvm_module },
            ...{ detail: `not reachable ${hostile}`, status_time: 100, description: hostile },
            ...{ vpn: { tunneling_mode: "geneve", tunnel_status: "connected" } },
        });
    });
    after(() => site.sandbox.stop());

    const run = (...args: string[]): Promise<{ out: string; err: string }> =>
        new Promise((done) => {
            const { apiUrl, apiSecret } = site.sandbox;
            const own = { ISARDVDI_API_URL: apiUrl, ISARDVDI_API_SECRET: apiSecret };
            const env = { PATH: process.env["PATH"], HOME: tmpdir(), ...own };
            execFile(toolchain().node, [CLI, ...args], { env, timeout: 60_000 }, (_error, out, err) => {
                assert.doesNotMatch(out, commanding);
                assert.doesNotMatch(err, commanding);
                done({ out, err });
            });
        });

    it("is shown, and commands nothing, in a diagnosis", async () => {
        const { out } = await run("diagnose", "hyper-1");
        assert.match(out, /not reachable red\ufffd/);
        assert.doesNotMatch(out, /title|aGk=/);
    });

    it("is escaped in a diagnosis as JSON, which means the same", async () => {
        const { out } = await run("diagnose", "hyper-1", "--json");
        assert.equal((JSON.parse(out) as Diagnosis).said, `not reachable ${hostile}`);
    });

    it("is a literal of the same text in the program of adopt, and a remark without a word to a terminal", async () => {
        const { out, err } = await run("adopt");
        assert.match(out, /\/\/ is Error: not reachable red/);
        const file = ts.createSourceFile("x.ts", out, ts.ScriptTarget.ES2022);
        const texts: string[] = [];
        const visit = (node: ts.Node): void => {
            if (ts.isStringLiteral(node)) texts.push(node.text);
            ts.forEachChild(node, visit);
        };
        visit(file);
        assert.ok(texts.includes(hostile), out);
        assert.match(err, /hyper-1: no connection/);
    });

    it("commands nothing where it is told as the command's own words", async () => {
        const { err } = await run(`no\u001b[31m\u0007\u009b2J\u202ecommand`);
        assert.match(err, /^"no\ufffd\ufffd2J\ufffdcommand" is no command\.\n\nUsage:/);
    });
});
