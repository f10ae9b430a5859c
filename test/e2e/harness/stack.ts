import { strict as assert } from "node:assert";
import { readFileSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cliEnvironment, requireCli } from "./cli";
import { EventLog } from "./events";
import { type Finished, type Running, start, stopIn } from "./process";
import { type HypervisorArguments, type Program, writeProgram, writeProject } from "./program";
import { type Config, writeConfig, writeStack } from "./settings";

/** A resource as the state has it. */
export interface StateResource {
    urn: string;
    type: string;
    id?: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    dependencies?: string[];
    initErrors?: string[];
}
interface Checkpoint {
    latest?: { resources?: StateResource[]; pending_operations?: unknown[] } | null;
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
        this.env = cliEnvironment({
            PULUMI_HOME: join(folder, "home"),
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            PULUMI_STACK: "dev",
            ...environment,
        });
    }

    static async create(config: Config, environment: Record<string, string> = {}): Promise<Stack> {
        requireCli(cliEnvironment({}));
        const folder = await mkdtemp(join(tmpdir(), "isardvdi-e2e-"));
        const project = join(folder, "project");
        writeProject(project);
        const stack = new Stack(folder, project, environment);
        stack.add("dev", config);
        return stack;
    }

    /** Another stack of the same project, which commands name by `--stack`. */
    add(name: string, config: Config): void {
        writeStack(this.folder, this.project, name, config);
    }

    /** Sets keys of a stack's configuration. */
    configure(config: Config, name = "dev"): void {
        writeConfig(this.project, name, config);
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

    async destroy(...flags: string[]): Promise<Finished> {
        return await this.ok("destroy", "--yes", "--skip-preview", ...flags);
    }

    /** What the state of a stack holds, by the backend's own file. */
    resources(name = "dev"): StateResource[] {
        return this.checkpoint(name).latest?.resources ?? [];
    }

    pendingOperations(): unknown[] {
        return this.checkpoint("dev").latest?.pending_operations ?? [];
    }

    /** The resources of ours of one kind, by name. */
    state(kind = "Hypervisor"): Record<string, StateResource> {
        const ours = this.resources().filter(({ type }) => type.endsWith(`isardvdi:${kind}`));
        return Object.fromEntries(ours.map((each) => [each.urn.split("::").at(-1) ?? "", each]));
    }

    /** The outputs of the stack itself. */
    outputs(): Record<string, unknown> {
        return this.resources().find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
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

    start(...args: string[]): Running {
        return this.program("pulumi", ...args, "--non-interactive");
    }

    /** Another program, in the stack's project and with its backend. */
    program(command: string, ...args: string[]): Running {
        const isCompiled = readFileSync(join(this.project, "Pulumi.yaml"), "utf8").includes("typescript: false");
        const compiled = isCompiled ? `--require=${resolve(__dirname, "compiled.js")}` : "";
        const NODE_OPTIONS = `${this.env.NODE_OPTIONS ?? ""} ${compiled}`.trim();
        return start(command, args, { cwd: this.project, env: { ...this.env, NODE_OPTIONS } });
    }

    private checkpoint(name: string): Checkpoint {
        const file = join(this.folder, "state", ".pulumi", "stacks", "e2e", `${name}.json`);
        return (JSON.parse(readFileSync(file, "utf8")) as { checkpoint: Checkpoint }).checkpoint;
    }
}
