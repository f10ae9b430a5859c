import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stopAll } from "../e2e/harness/process";
import { Stack } from "../e2e/harness/stack";
import { needsLab } from "../lab/skip";
import { Agent } from "./agent";
import { BareMachine, basis } from "./machine";
import { isReal, usesPlugins } from "./plugin/stand-in";

const program = `
const { HypervisorHost } = require("pulumi-isardvdi");
const { args, read } = require("./program.json");
const host = new HypervisorHost("h1", args);
if (read) {
    // as 0.1.0 has read each container
    const { Container, Provider } = require("@pulumi/docker");
    const provider = new Provider("reads", { host: read.host, sshOpts: read.sshOpts });
    Container.get("h1-isard-squid-container", read.id, {}, { provider });
}
exports.commit = host.commit;
exports.containers = host.containers;
`;

describe(`HypervisorHost in Pulumi's engine, with ${isReal ? "the real" : "stand-ins for"} the plugins`, function () {
    this.timeout(300_000);
    let machine: BareMachine;
    let stack: Stack;
    let agent: Agent | undefined;
    before(needsLab);
    before(async () => {
        machine = await BareMachine.start();
        await machine.mountStorage();
        const { privateKey, ...connection } = await machine.server.host.connection();
        agent = new Agent(String(privateKey));
        const connections = {
            h1: { ...connection, privateKey },
            agent: { ...connection, agentSocketPath: agent.socket, hostKey: `${String(connection.hostKey)} of h1` },
        };
        const offline = { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };
        stack = await Stack.create({ connections: JSON.stringify(connections) }, offline);
        writeFileSync(join(stack.project, "index.js"), program);
        usesPlugins(stack.project);
    });
    after(async () => {
        stopAll();
        stack?.remove();
        agent?.stop();
        await machine?.stop();
    });
    const write = (more: object, read?: object): void =>
        writeFileSync(
            join(stack.project, "program.json"),
            JSON.stringify({ args: { ...basis, connection: "h1", ...more }, read }),
        );
    const containers = (): Record<string, string> =>
        (stack.outputs() as { containers?: Record<string, string> }).containers ?? {};
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

    const squid = { videoPorts: "5900-6000" };
    const overAgent = { ...squid, connection: "agent" };

    it("changes nothing where a check fails, and says why at the end of what the plugin prints", async () => {
        const before = await running();
        write({ ...squid, vlans: { trunkInterface: "eth7" } });
        const { code, output } = await stack.up();
        assert.notEqual(code, 0);
        assert.match(
            output,
            /Process exited with status 1: running "failed=.*":\s+Unable to make this machine a hypervisor host: there is no interface eth7\./,
        );
        assert.doesNotMatch(output, /hunter-22|OPENSSH PRIVATE/);
        assert.deepEqual(await running(), before);
    });

    it("runs every command again for another connection, without a warning, and recreates nothing", async () => {
        const before = await running();
        write(overAgent);
        const { events, output } = await stack.deploy();
        assert.ok((events.changes().update ?? 0) > 8, JSON.stringify(events.changes()));
        assert.doesNotMatch(output, /warning|AcceptEnv/i);
        assert.deepEqual(await running(), before);
        // read by the machine's own ssh now, on a port that is not 22
        assert.equal(containers()["isard-storage"], "172.31.255.21");
    });

    it("is not ended by a container that somebody has recreated, stopped or taken away, and says so", async () => {
        const outputs = containers();
        const { host, port } = await machine.server.host.connection();
        const sshOpts = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", `IdentityAgent=${agent?.socket}`];
        const read = {
            host: `ssh://root@${String(host)}:${String(port)}`,
            sshOpts: sshOpts.flatMap((option) => ["-o", option]),
            id: (await running())["isard-squid"],
        };
        write(overAgent, read);
        await stack.deploy();
        const isRead = (): boolean => stack.resources().some(({ type }) => type === "docker:index/container:Container");
        assert.ok(isRead());
        const up = "up -d --no-deps isard-squid";
        await machine.server.sh(`docker rm -f isard-squid; docker compose ${up} || docker-compose ${up}`);
        await machine.server.host.must("docker stop isard-storage; docker rm -f isard-websockify");
        const before = await running();
        const { code, output: refusal } = await stack.run("preview");
        assert.notEqual(code, 0);
        assert.match(refusal, new RegExp(`resource '${read.id}' does not exist`));
        // this release reads none by its id, and lets go of what an older one has read
        write(overAgent);
        await stack.deploy();
        assert.ok(!isRead());
        for (const command of [
            ["preview", "--expect-no-changes"],
            ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
            ["up", "--yes", "--skip-preview", "--expect-no-changes"],
        ]) {
            const { output } = await stack.ok(...command);
            if (command[0] === "refresh") continue;
            assert.match(output, /warning: isard-squid is another container than the one that was started last/);
            assert.match(output, /warning: isard-storage does not run: it is stopped, or was taken away\. Run there: /);
            assert.match(output, /warning: isard-websockify does not run: it is stopped, or was taken away\. Run/);
            assert.doesNotMatch(output, /warning: isard-(video|hypervisor)/);
        }
        assert.deepEqual(await running(), before);
        assert.deepEqual(containers(), outputs);
        const advised = "isard-storage isard-websockify";
        await machine.server.sh(
            `docker compose up -d --no-deps ${advised} || docker-compose up -d --no-deps ${advised}`,
        );
        const { output } = await stack.deploy("--expect-no-changes");
        assert.doesNotMatch(output, /does not run/);
    });

    it("takes the containers as they were where the host's engine cannot be read, in a warning of one line", async () => {
        const outputs = containers();
        await machine.server.host.must("mv /usr/bin/docker /usr/bin/docker.away");
        const { output } = await stack.deploy("--expect-no-changes");
        await machine.server.host.must("mv /usr/bin/docker.away /usr/bin/docker");
        assert.match(output, /warning: Unable to read the containers of "h1": .*docker.*not found.*They are taken/);
        assert.deepEqual(containers(), outputs);
    });

    it("touches nothing while a plugin is away", async () => {
        const before = await running();
        const path = join(stack.project, "Pulumi.yaml");
        const yaml = readFileSync(path, "utf8");
        writeFileSync(path, yaml.slice(0, yaml.indexOf("plugins:")));
        const { code, output } = await stack.up();
        writeFileSync(path, yaml);
        assert.notEqual(code, 0);
        assert.match(output, /^ +error: no resource plugin 'pulumi-resource-(docker|command)' found.*$/m);
        assert.deepEqual(await running(), before);
        await stack.deploy("--expect-no-changes");
    });

    it("stops and removes the containers at destroy, and keeps the storage", async () => {
        await stack.ok("destroy", "--yes", "--skip-preview");
        assert.deepEqual(await running(), {});
        assert.match(await machine.server.host.must("ls /opt/isard"), /templates/);
    });
});
