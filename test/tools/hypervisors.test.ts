import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const script = join(__dirname, "..", "..", "tools", "hypervisors.js");
const type = "pulumi-nodejs:dynamic/isardvdi:Hypervisor";

/** What `make up` ends with, for a stack of these resources. */
function told(resources: object[] | undefined) {
    const input = JSON.stringify({ version: 3, deployment: { resources } });
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], { input, encoding: "utf8" });
    return { status, stdout, stderr };
}

describe("the last lines of make up", () => {
    it("tell each hypervisor with its status, and why it is not Online", () => {
        const { status, stdout } = told([
            { type: "pulumi:pulumi:Stack" },
            { type, id: "h1", outputs: { hostname: "h1.example.org", status: "Online", detail: "" } },
            { type, id: "h2", outputs: { hostname: "h2", status: "Error", detail: "not reachable" } },
        ]);
        assert.equal(status, 0);
        assert.equal(stdout, "h1 (h1.example.org): Online\nh2 (h2): Error, not reachable\n");
    });

    for (const [what, resources] of [
        ["an empty stack", undefined],
        ["a stack without a hypervisor", [{ type: "pulumi:pulumi:Stack" }]],
    ] as const) {
        it(`are an error for ${what}`, () => {
            const { status, stdout, stderr } = told(resources as object[] | undefined);
            assert.equal(status, 1);
            assert.equal(stdout, "");
            assert.match(stderr, /^error: the stack holds no hypervisor/);
        });
    }
});
