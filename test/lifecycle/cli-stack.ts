import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Running, stopIn } from "../e2e/harness/process";
import { Stack } from "../e2e/harness/stack";
import type { Declared } from "./declared";
import type { Deployer } from "./deployer";

// JavaScript, because ts-node would double the time of every run
const index = `
const sdk = require("pulumi-isardvdi");
const made = {};
for (const { type, name, args, after } of require("./declared.json"))
    made[name] = new sdk[type](name, args, { dependsOn: after.map((first) => made[first]) });
`;

/** The stack as the real CLI has it. */
export class CliStack implements Deployer {
    private readonly said: string[] = [];
    private running: Running | undefined;

    private constructor(private readonly stack: Stack) {}

    static async start(config: Record<string, string>): Promise<CliStack> {
        const stack = await Stack.create(config);
        writeFileSync(join(stack.project, "index.js"), index);
        return new CliStack(stack);
    }

    up(program: readonly Declared[]): Promise<string[]> {
        return this.run(program, "up", "--yes", "--skip-preview");
    }

    refresh(): Promise<string[]> {
        return this.run(undefined, "refresh", "--yes", "--skip-preview");
    }

    destroy(): Promise<string[]> {
        return this.run(undefined, "destroy", "--yes", "--skip-preview");
    }

    settle(program: readonly Declared[]): Promise<string[]> {
        return this.run(program, "up", "--yes", "--skip-preview", "--refresh");
    }

    differing(program: readonly Declared[]): Promise<string[]> {
        return this.run(program, "preview", "--refresh", "--diff", "--expect-no-changes");
    }

    /** The CLI, and the plugins that it has put into groups of their own. */
    async kill(): Promise<void> {
        if (!this.running) return;
        process.kill(-this.running.pid, "SIGKILL");
        await this.running.finished;
        stopIn(this.stack.project);
    }

    async anew(): Promise<void> {
        const { folder } = this.stack;
        const locks = readdirSync(join(folder, "state", ".pulumi", "locks"), { recursive: true, encoding: "utf8" });
        if (locks.some((path) => path.endsWith(".json"))) await this.stack.ok("cancel", "--yes");
    }

    clearText(): Promise<string> {
        const state = join(this.stack.folder, "state", ".pulumi");
        const files = readdirSync(state, { recursive: true, encoding: "utf8" }).filter((path) =>
            path.endsWith(".json"),
        );
        const texts = files.map((path) => readFileSync(join(state, path), "utf8"));
        // half a state would be none
        texts.forEach((text) => void JSON.parse(text));
        return Promise.resolve([...texts, ...this.said].join("\n"));
    }

    async stop(): Promise<void> {
        await this.kill();
        this.stack.remove();
    }

    private async run(program: readonly Declared[] | undefined, ...args: string[]): Promise<string[]> {
        if (program) writeFileSync(join(this.stack.project, "declared.json"), JSON.stringify(program));
        this.running = this.stack.start(...args);
        const { code, output } = await this.running.finished;
        this.running = undefined;
        this.said.push(output);
        return code === 0 ? [] : [output];
    }
}
