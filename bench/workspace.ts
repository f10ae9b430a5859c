import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type ProgramName, programs } from "./programs";
import { type Finished, run } from "./run";

export const root = resolve(__dirname, "..");

/** Resources of a stack as the CLI exports them. */
export interface Exported {
    type: string;
    outputs?: Record<string, unknown>;
}

/** A folder outside the repository with both programs, one local backend and a CLI home of its own. */
export class Workspace {
    private readonly folder = mkdtempSync(join(tmpdir(), "isardvdi-bench-"));
    private readonly environment: NodeJS.ProcessEnv;

    constructor(resources: number, environment: Record<string, string>) {
        assertCli();
        process.once("exit", () => this.close());
        const backend = join(this.folder, "backend");
        mkdirSync(backend);
        this.environment = {
            ...process.env,
            PATH: `${javascriptHost(this.folder)}:${process.env["PATH"] ?? ""}`,
            PULUMI_HOME: join(this.folder, "home"),
            PULUMI_BACKEND_URL: `file://${backend}`,
            PULUMI_CONFIG_PASSPHRASE: "bench",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ...environment,
        };
        link(this.folder);
        for (const [name, program] of Object.entries(programs)) {
            const folder = join(this.folder, name);
            mkdirSync(folder);
            const runtime = "{name: nodejs, options: {typescript: false}}";
            writeFileSync(join(folder, "Pulumi.yaml"), `name: bench-${name}\nruntime: ${runtime}\n`);
            writeFileSync(join(folder, "package.json"), JSON.stringify({ name, main: "index.js" }));
            writeFileSync(join(folder, "index.js"), program(resources));
        }
    }

    pulumi(program: ProgramName, ...args: string[]): Promise<Finished> {
        const env = this.environment;
        return run("pulumi", ["--non-interactive", ...args], { cwd: join(this.folder, program), env });
    }

    /** What the stack holds, and the bytes of the whole export. */
    async export(program: ProgramName, stack: string): Promise<{ resources: Exported[]; bytes: number }> {
        const { stdout } = await this.pulumi(program, "stack", "export", "--stack", stack);
        const { deployment } = JSON.parse(stdout) as { deployment: { resources: Exported[] } };
        return { resources: deployment.resources, bytes: Buffer.byteLength(stdout) };
    }

    close(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Makes the package resolvable by its name, as an installation does. */
export function link(folder: string): void {
    for (const [name, target] of [
        ["pulumi-isardvdi", root],
        ["@pulumi/pulumi", join(root, "node_modules/@pulumi/pulumi")],
    ] as const) {
        const path = join(folder, "node_modules", name);
        mkdirSync(dirname(path), { recursive: true });
        symlinkSync(target, path);
    }
}

/**
 * Older Node language hosts know "typescript: false" only as a flag, which today's CLI no longer gives them:
 * they would load ts-node for JavaScript too. Returns a folder whose language host gets it.
 */
function javascriptHost(folder: string): string {
    const bin = join(folder, "bin");
    const name = "pulumi-language-nodejs";
    mkdirSync(bin);
    const help = spawnSync(name, ["--help"], { encoding: "utf8" });
    const host = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    if (/^ +-typescript/m.test(`${help.stdout}${help.stderr}`))
        writeFileSync(join(bin, name), `#!/bin/sh\nexec "${host}" -typescript=false "$@"\n`, { mode: 0o755 });
    return bin;
}

function assertCli(): void {
    if (spawnSync("pulumi", ["version"]).status === 0) return;
    throw new Error("The Pulumi CLI is not on the PATH: install it, or run this through the Makefile.");
}
