import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";

export interface Finished {
    code: number | null;
    /** Both streams in the order in which they came. */
    output: string;
    stdout: string;
    seconds: number;
}

export interface Running {
    pid: number;
    finished: Promise<Finished>;
}

const running = new Set<ChildProcess>();

/** Starts a command in a process group of its own, as a shell does in a terminal. */
export function start(command: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Running {
    const began = performance.now();
    const child = spawn(command, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    let output = "";
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    const finished = new Promise<Finished>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code) => {
            running.delete(child);
            resolve({ code, output, stdout, seconds: (performance.now() - began) / 1000 });
        });
    });
    // a test that fails meanwhile looks at it no more
    finished.catch(() => undefined);
    return { pid: child.pid ?? 0, finished };
}

/** Ends what a failed test has left behind, with all that it has started. */
export function stopAll(): void {
    for (const { pid } of running) if (pid) process.kill(-pid, "SIGKILL");
    running.clear();
}

/** Ends what works in a folder: the CLI puts its plugins into groups of their own, which outlive a killed one. */
export function stopIn(folder: string): void {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        try {
            if (readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) process.kill(Number(pid), "SIGKILL");
        } catch {
            // it has ended meanwhile, or is the kernel's
        }
    }
}
