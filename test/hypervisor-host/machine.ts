import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HypervisorHostArgs } from "../../sdk";
import { cfgText, digestOf } from "../../sdk/hypervisor-host/cfg";
import { type HostCommand, type HostCommands, hypervisorHostCommands } from "../../sdk/hypervisor-host/commands";
import { planHost } from "../../sdk/hypervisor-host/plan";
import { settingsOf } from "../../sdk/hypervisor-host/settings";
import { Server } from "../server-config/server";

const repository = "/srv/isardvdi.git";
const buildScript = readFileSync(join(__dirname, "..", "..", "sandbox", "checkout", "build.sh"), "utf8");
const storage = "/opt/isard";
const shared = ["templates", "groups", "media", "storage_pools"];

export const basis: HypervisorHostArgs = {
    connection: { host: "h1" },
    hostname: "h1.example.org",
    release: "v1.0.0",
    repository,
    server: { domain: "isard.example.org" },
    hypervisorsSecret: "hunter-22",
    // the site's own container is the only name that the stand-in for squid looks for here
    videoPorts: "5900-7899",
    capabilities: { hypervisor: false },
};

/** A bare machine of the lab, with a Docker engine, which is made a host by the very texts that the component runs. */
export class BareMachine {
    private constructor(readonly server: Server) {}

    static async start(): Promise<BareMachine> {
        const machine = new BareMachine(await Server.start());
        await machine.server.host.must("cp -r /root /tmp/home");
        await machine.publish(buildScript);
        return machine;
    }

    /** IsardVDI's repository, with a build.sh and two releases. */
    async publish(script: string): Promise<void> {
        await this.server.host.must(
            `set -e
            export HOME=/tmp/home
            # the same commits each time
            export GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' GIT_COMMITTER_DATE='2026-01-01T00:00:00Z'
            git config --global user.name tester; git config --global user.email tester@example.org
            rm -rf ${repository}; git init -q -b main ${repository}; cd ${repository}
            cat >build.sh; chmod +x build.sh
            git add -A; git commit -q -m one; git tag v1.0.0
            echo 'later' >release; git add -A; git commit -q -m two; git tag v1.1.0`,
            { input: script },
        );
    }

    /** Shared storage, as an administrator mounts it. */
    async mountStorage(): Promise<void> {
        const all = shared.map((name) => `${storage}/${name}`).join(" ");
        await this.server.host.must(`for each in ${all}; do mkdir -p $each; mount -t tmpfs disks $each; done`);
    }

    /** Runs one text, as @pulumi/command does; what it printed, or its error. */
    async run(text: string | undefined, input = ""): Promise<{ code: number; stdout: string; stderr: string }> {
        return await this.server.host.exec(text ?? "exit 99", { input, timeoutMs: 120_000 });
    }

    async must(command: HostCommand | undefined, input = ""): Promise<string> {
        const { code, stdout, stderr } = await this.run(command?.create, input);
        if (code !== 0) throw new Error(stderr.trim());
        return stdout;
    }

    /** Everything that `pulumi up` runs for these arguments after others: the texts and inputs that are other ones. */
    async up(args: Partial<HypervisorHostArgs>, before?: Partial<HypervisorHostArgs>): Promise<string[]> {
        const [now, was] = [await stepsOf(args), before && (await stepsOf(before))];
        const changed = now.filter(({ name, command, input }) => {
            const old = was?.find((each) => each.name === name);
            return old?.command.create !== command.create || old.input !== input;
        });
        for (const { command, input } of changed) await this.must(command, input);
        return changed.map(({ name }) => name);
    }

    /** Runs every text again; what they say on the standard error, which Pulumi shows. */
    async heard(args: Partial<HypervisorHostArgs>): Promise<string> {
        const said: string[] = [];
        for (const { name, command, input } of await stepsOf(args)) {
            const { code, stderr } = await this.run(command.create, input);
            if (code !== 0) throw new Error(`${name}: ${stderr.trim()}`);
            said.push(stderr);
        }
        return said.join("");
    }

    async destroy(args: Partial<HypervisorHostArgs>): Promise<void> {
        for (const { command } of (await stepsOf(args)).reverse()) {
            if (command.delete === undefined) continue;
            const { code, stderr } = await this.run(command.delete);
            if (code !== 0) throw new Error(stderr.trim());
        }
    }

    async stop(): Promise<void> {
        await this.server.stop();
    }
}

interface Step {
    name: string;
    command: HostCommand;
    input: string;
}

export const commandsOf = (args: Partial<HypervisorHostArgs>): HostCommands =>
    hypervisorHostCommands(planHost({ ...basis, ...args }));

/** The order and the inputs of the component. */
async function stepsOf(more: Partial<HypervisorHostArgs>): Promise<Step[]> {
    const args = { ...basis, ...more };
    const commands = commandsOf(more);
    const settings = await new Promise<Record<string, string>>((resolve) => settingsOf(args, "h1").apply(resolve));
    const whole = `${digestOf(settings)} ${args.release}`;
    const { check, source, configuration, build, services, others, look } = commands;
    return [
        { name: "check", command: check, input: "" },
        { name: "source", command: source, input: "" },
        { name: "cfg", command: configuration, input: cfgText(settings) },
        { name: "build", command: build, input: whole },
        ...Object.entries(services).map(([name, command]) => ({
            name,
            command,
            input: `${digestOf(settings, name)} ${args.release}`,
        })),
        { name: "others", command: others, input: whole },
        { name: "containers", command: look, input: whole },
    ];
}
