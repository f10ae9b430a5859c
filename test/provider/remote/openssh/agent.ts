import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A real ssh-agent with keys that ssh-keygen made. */
export class Agent {
    private constructor(
        private readonly folder: string,
        private readonly process: ChildProcess,
    ) {}

    static async start(): Promise<Agent> {
        const folder = mkdtempSync(join(tmpdir(), "agent-"));
        const process = spawn("ssh-agent", ["-D", "-a", join(folder, "socket")], {
            stdio: ["ignore", "pipe", "ignore"],
        });
        // it says where it listens once it does
        await once(process.stdout, "data");
        return new Agent(folder, process);
    }

    get socket(): string {
        return join(this.folder, "socket");
    }

    path(name: string): string {
        return join(this.folder, name);
    }

    /** The public half of a new key; the private one lies beside it as a file. */
    async make(name: string): Promise<string> {
        await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", this.path(name)]);
        return readFileSync(`${this.path(name)}.pub`, "utf8").trim();
    }

    /** Into the agent: with a certificate beside its file, that as well. */
    async add(...names: string[]): Promise<void> {
        const env = { ...process.env, SSH_AUTH_SOCK: this.socket };
        for (const name of names) await run("ssh-add", ["-q", this.path(name)], { env });
    }

    async certify(name: string, authority: string): Promise<void> {
        await run("ssh-keygen", ["-q", "-s", this.path(authority), "-I", name, "-n", "root", `${this.path(name)}.pub`]);
    }

    async stop(): Promise<void> {
        const exited = once(this.process, "exit");
        this.process.kill();
        await exited;
        rmSync(this.folder, { recursive: true });
    }
}
