import { type ChildProcess, spawn } from "node:child_process";

export interface Finished {
    stdout: string;
    seconds: number;
}

const running = new Set<ChildProcess>();

/** Runs a command to its end, without blocking the sandbox that lives in this process. */
export function run(
    command: string,
    args: string[],
    options: { cwd: string; env?: NodeJS.ProcessEnv; timeoutSeconds?: number },
): Promise<Finished> {
    const { cwd, env = process.env, timeoutSeconds = 300 } = options;
    const started = performance.now();
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
        running.add(child);
        const timer = setTimeout(() => child.kill("SIGKILL"), timeoutSeconds * 1000);
        let stdout = "";
        let stderr = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
        child.once("error", reject);
        child.once("close", (code) => {
            clearTimeout(timer);
            running.delete(child);
            const seconds = (performance.now() - started) / 1000;
            if (code === 0) return resolve({ stdout, seconds });
            reject(
                new Error(
                    `${command} ${args.join(" ")} ended with ${code ?? "a signal"}:\n${stdout.slice(-3000)}${stderr.slice(-3000)}`,
                ),
            );
        });
    });
}

/** Ends what is still running, by its id. */
export function stopAll(): void {
    for (const child of running) child.kill("SIGTERM");
}
