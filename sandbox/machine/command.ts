import { spawn } from "node:child_process";

export interface Outcome {
    /** Exit code; 128 + the number of the signal that ended it. */
    code: number;
    stdout: string;
    stderr: string;
}

export interface RunOptions {
    input?: string | Buffer;
    /** Default: 60,000. */
    timeoutMs?: number;
}

/** Runs a command of this machine to its end. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const [command = "", ...args] = argv;
    const limit = options.timeoutMs ?? 60_000;
    return await new Promise((resolve, reject) => {
        const child = spawn(command, args, { stdio: "pipe" });
        const printed = { stdout: "", stderr: "" };
        for (const stream of ["stdout", "stderr"] as const)
            child[stream].setEncoding("utf8").on("data", (text: string) => (printed[stream] += text));
        let late = false;
        const timer = setTimeout(() => {
            late = true;
            child.kill("SIGKILL");
        }, limit);
        child.once("error", (error) => {
            clearTimeout(timer);
            reject(error);
        });
        // a daemon that keeps the pipes open does not keep its starter waiting
        child.once("exit", (code, signal) => {
            clearTimeout(timer);
            const end = (): void => {
                clearTimeout(grace);
                child.stdout.destroy();
                child.stderr.destroy();
                if (late) printed.stderr += `ended after ${limit} ms\n`;
                resolve({ code: code ?? (signal === "SIGKILL" ? 137 : 143), ...printed });
            };
            const grace = setTimeout(end, 200);
            child.once("close", end);
        });
        child.stdin.on("error", () => undefined).end(options.input ?? "");
    });
}

/** The same for a command whose failure is a defect of ours. */
export async function mustRun(argv: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await run(argv, options);
    if (code !== 0) throw new Error(`${argv.slice(0, 12).join(" ")} ended with ${code}: ${(stderr || stdout).trim()}`);
    return stdout;
}
