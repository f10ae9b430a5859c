import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type Values = Record<string, unknown>;

const run = promisify(execFile);
/** How Pulumi's own files mark a secret. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** A command of Pulumi about a stack, which answers in JSON; the selected stack where none is named. */
export async function askPulumi(name: string | undefined, cwd: string, ...args: string[]): Promise<unknown> {
    const stack = name === undefined ? [] : ["--stack", name];
    try {
        const { stdout } = await run("pulumi", [...args, ...stack, "--non-interactive"], {
            cwd,
            maxBuffer: 1 << 28,
            timeout: 60_000,
        });
        return JSON.parse(stdout);
    } catch (error) {
        throw unreadable(name, error);
    }
}

/** Without the cause: what the command printed may hold secrets, and the last line of its complaint does not. */
function unreadable(name: string | undefined, error: unknown): Error {
    const { stderr = "", code } = error as { stderr?: string; code?: unknown };
    const why = stderr.trim().split("\n").at(-1) || (code === "ENOENT" ? "there is no pulumi command" : "it failed");
    const which = name === undefined ? "the selected stack" : `stack "${name}"`;
    return new Error(`Unable to read ${which}: ${why}. Check --stack and --cwd.`);
}

/** A value of the state with its secrets unwrapped, where they are in plain text. */
export function plain(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    const { [secretMark]: mark, plaintext } = value as Values;
    if (mark !== undefined) return typeof plaintext === "string" ? plain(JSON.parse(plaintext)) : undefined;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
