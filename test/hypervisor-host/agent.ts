import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An SSH agent with one key, as an administrator's session has one. */
export class Agent {
    private readonly folder = mkdtempSync(join(tmpdir(), "isardvdi-agent-"));
    readonly socket = join(this.folder, "socket");
    private readonly process: ChildProcess;

    constructor(privateKey: string) {
        this.process = spawn("ssh-agent", ["-D", "-a", this.socket], { stdio: "ignore" });
        const wait = `until [ -S ${this.socket} ]; do sleep 0.1; done; exec ssh-add -q -`;
        const { status, stderr } = spawnSync("sh", ["-c", wait], {
            input: privateKey,
            env: { ...process.env, SSH_AUTH_SOCK: this.socket },
            timeout: 20_000,
        });
        if (status === 0 && existsSync(this.socket)) return;
        this.stop();
        throw new Error(`the agent takes no key: ${stderr.toString()}`);
    }

    stop(): void {
        this.process.kill();
        rmSync(this.folder, { recursive: true, force: true });
    }
}
