import { execFile } from "node:child_process";
import { promisify } from "node:util";

type Values = Record<string, unknown>;

const run = promisify(execFile);
/** How Pulumi's own files mark a secret. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** A stack's configuration and the hypervisors of its state, as the pulumi command tells them. */
export interface Stack {
    get: (key: string) => unknown;
    hypervisor: (hyperId: string) => Values | undefined;
}

export async function readStack(name: string, cwd: string): Promise<Stack> {
    const ask = async (...args: string[]): Promise<unknown> => {
        try {
            const { stdout } = await run("pulumi", [...args, "--stack", name, "--non-interactive"], {
                cwd,
                maxBuffer: 1 << 28,
                timeout: 60_000,
            });
            return JSON.parse(stdout);
        } catch (error) {
            throw unreadable(name, error);
        }
    };
    const config = (await ask("config", "--show-secrets", "--json")) as Record<string, { value?: unknown } | undefined>;
    const state = (await ask("stack", "export", "--show-secrets")) as {
        deployment?: { resources?: { outputs?: Values }[] };
    };
    const outputs = (state.deployment?.resources ?? []).map((each) => plain(each.outputs ?? {}) as Values);
    return {
        get: (key) => config[key]?.value,
        hypervisor: (hyperId) => outputs.find((each) => each["hyperId"] === hyperId && "hostname" in each),
    };
}

/** Without the cause: what the command printed may hold secrets, and the last line of its complaint does not. */
function unreadable(name: string, error: unknown): Error {
    const { stderr = "", code } = error as { stderr?: string; code?: unknown };
    const why = stderr.trim().split("\n").at(-1) || (code === "ENOENT" ? "there is no pulumi command" : "it failed");
    return new Error(`Unable to read stack "${name}": ${why}. Check --stack and --cwd.`);
}

/** A value of the state with its secrets unwrapped. */
function plain(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    const { [secretMark]: mark, plaintext } = value as Values;
    if (mark !== undefined && typeof plaintext === "string") return plain(JSON.parse(plaintext));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
