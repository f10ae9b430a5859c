import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stopAll } from "../e2e/harness/process";
import { Stack } from "../e2e/harness/stack";
import { needsLab } from "../lab/skip";
import { BareMachine, basis } from "./machine";
import { isReal, usesCommand } from "./plugin/stand-in";

const program = `
const { HypervisorHost } = require("pulumi-isardvdi");
const { args } = require("./program.json");
const host = new HypervisorHost("h1", args);
exports.commit = host.commit;
exports.containers = host.containers;
`;

describe(`HypervisorHost in Pulumi's engine, with ${isReal ? "the real" : "a stand-in for"} @pulumi/command's plugin`, function () {
    this.timeout(300_000);
    let machine: BareMachine;
    let stack: Stack;
    before(needsLab);
    before(async () => {
        machine = await BareMachine.start();
        await machine.mountStorage();
        const connection = await machine.server.host.connection();
        stack = await Stack.create({ connections: JSON.stringify({ h1: connection }) });
        writeFileSync(join(stack.project, "index.js"), program);
        usesCommand(stack.project);
    });
    after(async () => {
        stopAll();
        stack?.remove();
        await machine?.stop();
    });
    const write = (more: object): void =>
        writeFileSync(
            join(stack.project, "program.json"),
            JSON.stringify({ args: { ...basis, connection: "h1", ...more } }),
        );
    const running = (): Promise<Record<string, string>> => machine.server.containers();

    it("makes a bare machine a host, and runs nothing for an unchanged program", async () => {
        write({});
        await stack.deploy();
        const outputs = stack.outputs() as unknown as { commit: string; containers: Record<string, string> };
        assert.equal(outputs.containers["isard-hypervisor"], "172.31.255.17");
        assert.equal(outputs.commit, (await machine.server.sh("git rev-parse HEAD")).trim());
        const before = await running();
        assert.ok(before["isard-hypervisor"], Object.keys(before).join());
        await stack.deploy("--expect-no-changes");
        assert.deepEqual(await running(), before);
    });

    it("keeps its secrets out of the state", () => {
        const folder = join(stack.folder, "state", ".pulumi", "stacks");
        const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
            path.endsWith(".json"),
        );
        assert.ok(files.length > 0);
        for (const file of files)
            assert.doesNotMatch(readFileSync(join(folder, file), "utf8"), /hunter-22|OPENSSH PRIVATE/);
    });

    it("recreates just what reads a changed input", async () => {
        const before = await running();
        write({ videoPorts: "5900-6000" });
        const { events } = await stack.deploy();
        assert.deepEqual(await machine.server.recreated(before), ["isard-squid", "isard-websockify"]);
        const { same = 0, update = 0, create = 0, replace = 0 } = events.changes();
        assert.ok(same > 3 && update > 0, JSON.stringify(events.changes()));
        assert.deepEqual([create, replace], [0, 0]);
    });

    it("stops and removes the containers at destroy, and keeps the storage", async () => {
        await stack.ok("destroy", "--yes", "--skip-preview");
        assert.deepEqual(await running(), {});
        assert.match(await machine.server.host.must("ls /opt/isard"), /templates/);
    });
});
