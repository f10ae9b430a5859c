import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Site, until } from "./harness/site";
import type { Stack } from "./harness/stack";

const root = resolve(__dirname, "../..");
const example = join(root, "examples/self-registration");

describe("examples/self-registration with the real CLI", function () {
    this.timeout(300_000);
    let site: Site;
    let stack: Stack;
    before(async () => {
        site = await Site.start({ hosts: ["h1", "h2"], timeScale: 20 });
        stack = await site.stack();
        for (const file of ["index.ts", "package.json", "tsconfig.json"])
            cpSync(join(example, file), join(stack.project, file));
        const project = readFileSync(join(example, "Pulumi.yaml"), "utf8").replace(/^name:.*/, "name: e2e");
        writeFileSync(join(stack.project, "Pulumi.yaml"), project);
        // the types are checked with everything else
        const tsc = [join(root, "node_modules/typescript/bin/tsc"), "--noCheck"];
        execFileSync(process.execPath, tsc, { cwd: stack.project });
    });
    after(() => site.stop());

    const registrations = (): number =>
        site.sandbox.requests.filter(({ method, path }) => method === "POST" && /\/hypervisor$/.test(path)).length;
    const described = (id: string): unknown => site.row(id)?.["description"];

    it("ends when the containers that boot meanwhile are Online as the program says, and posts nothing", async () => {
        const { events, finished } = stack.startUp();
        const lines = (): string[] => events.statusLines("::h1");
        await until("up waits", () => lines().some((line) => /waiting for h1 to register itself/.test(line)));
        site.sandbox.host("h1").container.start();
        site.sandbox.host("h2").container.start();
        const { code, output } = await finished;
        assert.equal(code, 0, output);
        assert.deepEqual(stack.outputs(), { status: { h1: "Online", h2: "Online" } });
        assert.deepEqual([described("h1"), described("h2")], ["deployed as h1", "deployed as h2"]);
        assert.equal(registrations(), 2, "one of each container");
    });

    it("mends what a container's restart has set back, and waits for a host whose container is away", async () => {
        await site.sandbox.host("h1").container.restart();
        await until("h1 is Online again", () => site.row("h1")?.["status"] === "Online");
        assert.equal(described("h1"), "Added through api");
        await site.sandbox.host("h2").container.stop();
        const { finished, events } = stack.startUp("--refresh");
        await until("up waits", () => events.statusLines("::h2").some((line) => /waiting for h2/.test(line)));
        site.sandbox.host("h2").container.start();
        const { code, output } = await finished;
        assert.equal(code, 0, output);
        for (const id of ["h1", "h2"])
            assert.deepEqual([site.row(id)?.["status"], described(id)], ["Online", `deployed as ${id}`]);
        assert.equal(registrations(), 4);
        await stack.ok("preview", "--expect-no-changes");
    });

    it("takes the records away at destroy, and says when they would come back", async () => {
        const { output } = await stack.destroy();
        assert.match(output, /h1 registers itself again when its isard-hypervisor container is started again/);
        assert.deepEqual([site.row("h1"), site.row("h2")], [undefined, undefined]);
        assert.deepEqual(stack.state(), {});
    });
});
