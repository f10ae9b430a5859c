import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const root = resolve(__dirname, "../..");

export interface Packed {
    filename: string;
    size: number;
    unpackedSize: number;
    files: { path: string }[];
}

export interface Done {
    status: number | null;
    stdout: string;
    /** Both streams, for messages. */
    output: string;
}

/** A user's project outside the repository, with the package installed from its tarball. */
export class UserProject {
    readonly folder = mkdtempSync(join(tmpdir(), "isardvdi-package-"));
    readonly packed: Packed;
    private sandbox: ChildProcess | undefined;

    constructor() {
        // a build in the midst of another suite's run would change what that one has loaded
        const packing = must(this.npm(root, "pack", "--ignore-scripts", "--json", "--pack-destination", this.folder));
        this.packed = (JSON.parse(packing.stdout.slice(packing.stdout.indexOf("[\n"))) as Packed[])[0] as Packed;
        this.write("package.json", JSON.stringify({ name: "a-users-project", private: true, main: "index.ts" }));
        const tarball = join(this.folder, this.packed.filename);
        const flags = ["--no-audit", "--no-fund", "--prefer-offline"];
        must(this.npm(this.folder, "install", ...flags, tarball, "@pulumi/pulumi@3.245.0", "typescript@5.9.3"));
    }

    write(name: string, content: string): void {
        writeFileSync(join(this.folder, name), content);
    }

    read(name: string): string {
        return readFileSync(join(this.folder, name), "utf8");
    }

    run(command: string, args: string[], environment: Record<string, string> = {}): Done {
        return run(this.folder, command, args, environment);
    }

    node(script: string): Done {
        return this.run(process.execPath, ["-e", script]);
    }

    /** The Pulumi CLI with a home and a backend of this project's own. */
    pulumi(args: string[], environment: Record<string, string> = {}): Done {
        mkdirSync(join(this.folder, "backend"), { recursive: true });
        return this.run("pulumi", ["--non-interactive", ...args], {
            PULUMI_HOME: join(this.folder, "home"),
            PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
            PULUMI_CONFIG_PASSPHRASE: "test",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ...environment,
        });
    }

    /** Starts the sandbox by the command that the package installs. */
    async startSandbox(...flags: string[]): Promise<{ apiUrl: string; apiSecret: string }> {
        const ready = join(this.folder, "sandbox.json");
        const command = join(this.folder, "node_modules/.bin/pulumi-isardvdi-sandbox");
        const sandbox = spawn(command, ["--port", "0", "--no-machines", "--ready-file", ready, ...flags], {
            stdio: "ignore",
        });
        this.sandbox = sandbox;
        while (!existsSync(ready)) {
            if (sandbox.exitCode !== null) throw new Error(`the sandbox ended with ${sandbox.exitCode}`);
            await sleep(100);
        }
        return JSON.parse(readFileSync(ready, "utf8")) as { apiUrl: string; apiSecret: string };
    }

    async close(): Promise<void> {
        const { sandbox } = this;
        if (sandbox?.exitCode === null) {
            const ended = new Promise((done) => sandbox.once("exit", done));
            sandbox.kill("SIGTERM");
            await ended;
        }
        rmSync(this.folder, { recursive: true, force: true });
    }

    private npm(cwd: string, ...args: string[]): Done {
        return run(cwd, "npm", args);
    }
}

function run(cwd: string, command: string, args: string[], environment: Record<string, string> = {}): Done {
    const env = { ...process.env, ...environment };
    const { status, stdout, stderr, error } = spawnSync(command, args, {
        cwd,
        env,
        encoding: "utf8",
        timeout: 600_000,
    });
    if (error) throw new Error(`${command} cannot be run: ${error.message}`);
    return { status, stdout, output: `${command} ${args.join(" ")}\n${stdout}${stderr}` };
}

export function must(done: Done): Done {
    if (done.status !== 0) throw new Error(`exit code ${done.status}: ${done.output}`);
    return done;
}
