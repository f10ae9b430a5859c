import { strict as assert } from "node:assert";
import { mkdirSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cliEnvironment, requireCli } from "./cli";
import { EventLog } from "./events";
import { type Finished, type Running, start, stopIn } from "./process";
import { type HypervisorArguments, type Program, writeProgram, writeProject } from "./program";

/** A resource as `pulumi stack export` has it. */
export interface StateResource {
    urn: string;
    type: string;
    id?: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    initErrors?: string[];
}
export interface Deployment {
    resources?: StateResource[];
    pending_operations?: unknown[];
}

let ups = 0;
process.once("exit", () => ups > 0 && console.log(`    the Pulumi CLI ran \`up\` ${ups} times`));

/** One stack in a project, a backend and a CLI home of its own. */
export class Stack {
    private readonly env: NodeJS.ProcessEnv;

    private constructor(
        readonly folder: string,
        readonly project: string,
        environment: Record<string, string>,
    ) {
        mkdirSync(join(folder, "state"));
        this.env = cliEnvironment({
            PULUMI_HOME: join(folder, "home"),
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            ...environment,
        });
    }

    static async create(config: Record<string, string>, environment: Record<string, string> = {}): Promise<Stack> {
        requireCli(cliEnvironment({}));
        const folder = await mkdtemp(join(tmpdir(), "isardvdi-e2e-"));
        const project = join(folder, "project");
        writeProject(project);
        const stack = new Stack(folder, project, environment);
        await stack.ok("stack", "init", "dev");
        if (Object.keys(config).length > 0) await stack.configure(config);
        return stack;
    }

    /** Sets keys of the isardvdi namespace, secrets as secrets. */
    async configure(config: Record<string, string>): Promise<void> {
        const flags = Object.entries(config).map(([key, value]) => {
            const secret = /secret$|token|password|connections|sites/i.test(key);
            return [secret ? "--secret" : "--plaintext", `isardvdi:${key}=${value}`];
        });
        await this.ok("config", "set-all", ...flags.flat());
    }

    write(program: Program): void {
        writeProgram(this.project, program);
    }

    hypervisors(hypervisors: Record<string, HypervisorArguments>): void {
        this.write({ hypervisors });
    }

    /** Starts `up` with nothing but stock flags; the log of its events can be read while it runs. */
    startUp(...flags: string[]): Running & { events: EventLog } {
        ups += 1;
        const path = join(this.folder, `events-${ups}.json`);
        const args = ["up", "--yes", "--skip-preview", "--event-log", path, ...flags];
        return { ...this.start(...args), events: new EventLog(path) };
    }

    async up(...flags: string[]): Promise<Finished & { events: EventLog }> {
        const { finished, events } = this.startUp(...flags);
        return { ...(await finished), events };
    }

    /** An `up` that must succeed. */
    async deploy(...flags: string[]): Promise<Finished & { events: EventLog }> {
        const done = await this.up(...flags);
        assert.equal(done.code, 0, done.output);
        return done;
    }

    async export(): Promise<Deployment> {
        const { stdout } = await this.ok("stack", "export");
        return (JSON.parse(stdout) as { deployment: Deployment }).deployment;
    }

    /** The hypervisors of the state, by name. */
    async state(): Promise<Record<string, StateResource>> {
        const { resources = [] } = await this.export();
        const ours = resources.filter(({ type }) => type.endsWith("isardvdi:Hypervisor"));
        return Object.fromEntries(ours.map((each) => [each.urn.split("::").at(-1) ?? "", each]));
    }

    async outputs(): Promise<Record<string, Record<string, unknown>>> {
        const { stdout } = await this.ok("stack", "output", "--json");
        return JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    }

    /** A command that must succeed. */
    async ok(...args: string[]): Promise<Finished> {
        const done = await this.run(...args);
        assert.equal(done.code, 0, `pulumi ${args.join(" ")}:\n${done.output}`);
        return done;
    }

    run(...args: string[]): Promise<Finished> {
        return this.start(...args).finished;
    }

    remove(): void {
        stopIn(this.project);
        rmSync(this.folder, { recursive: true, force: true });
    }

    /** Another program, in the stack's project and with its backend. */
    program(command: string, ...args: string[]): Running {
        return start(command, args, { cwd: this.project, env: this.env });
    }

    start(...args: string[]): Running {
        return start("pulumi", [...args, "--non-interactive"], { cwd: this.project, env: this.env });
    }
}
