import type { Outcome } from "../machine/command";
import type { Asked, Command } from "../machine/shims";
import type { Container, Containers } from "./containers";
import { filled } from "./format";

/** `docker compose` with its words, typed in a folder. */
export type Compose = (args: readonly string[], folder: string) => Outcome | Promise<Outcome>;

/** Runs a command line in a container that runs. */
export type Execute = (container: Container, argv: readonly string[], input: Buffer) => Promise<Outcome>;

const DAEMON = "Error response from daemon: ";
const PS = "table {{.ID}}   {{.Names}}   {{.Status}}";

/** Docker's command of one machine, as far as an administrator of IsardVDI needs it. */
export function docker(containers: Containers, execute: Execute, compose?: Compose): Command {
    const commands: Record<string, (words: Words, input: Buffer) => Outcome | Promise<Outcome>> = {
        ps: ({ options }) => {
            const shown = containers.list().filter(({ running }) => running || options.has("a") || options.has("all"));
            const format = options.get("format") ?? PS;
            return printed(shown.map((each) => filled(format.replace(/^table /, ""), each)));
        },
        logs: ({ options, rest }) => {
            const lines = needed(containers, rest[0]).log();
            const tail = Number(options.get("tail") ?? options.get("n") ?? NaN);
            return printed(Number.isNaN(tail) ? lines : lines.slice(-tail || lines.length));
        },
        inspect: ({ options, rest }) => {
            const format = options.get("format") ?? options.get("f") ?? "{{json .}}";
            return printed(rest.map((name) => filled(format, needed(containers, name, "Error: No such object: "))));
        },
        port: ({ rest }) => printed(needed(containers, rest[0]).ports?.() ?? []),
        exec: async ({ rest }, input) => {
            const container = needed(containers, rest[0]);
            if (!container.running) return failed(`${DAEMON}container ${container.name} is not running`);
            return await execute(container, rest.slice(1), input);
        },
        stop: ({ rest }) => turned(rest, (name) => containers.turn(name, false)),
        start: ({ rest }) => turned(rest, (name) => containers.turn(name, true)),
        restart: ({ rest }) =>
            turned(rest, async (name) => {
                await containers.turn(name, false);
                await containers.turn(name, true);
            }),
        version: () => printed(["Docker version 27.3.1, build ce12230"]),
    };
    return async ({ args, input, folder }: Asked) => {
        const [name = "", ...more] = args;
        try {
            if (name === "compose" && compose) return await compose(more, folder);
            const command = commands[name === "--version" ? "version" : name];
            if (!command) return failed(`docker: '${name}' is not a command that the sandbox's docker has.`);
            return await command(wordsOf(name, more), input);
        } catch (error) {
            return failed(error instanceof Error ? error.message : String(error));
        }
    };
}

interface Words {
    options: ReadonlyMap<string, string>;
    rest: readonly string[];
}

const WITH_VALUE = new Set(["format", "f", "tail", "n", "since", "filter", "t", "time", "e", "u", "w"]);

/** Options end with the first other word where a command line follows it. */
function wordsOf(command: string, args: readonly string[]): Words {
    const options = new Map<string, string>();
    const rest: string[] = [];
    for (let index = 0; index < args.length; index++) {
        const word = args[index] ?? "";
        const [, name = "", value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
        if (name === "" || (command === "exec" && rest.length > 0)) rest.push(word);
        else if (value !== undefined) options.set(name, value);
        // docker exec -t, docker logs -t and docker logs -f have none
        else if (WITH_VALUE.has(name) && !(name === "t" && command !== "stop") && !(name === "f" && command === "logs"))
            options.set(name, args[++index] ?? "");
        else options.set(name, "");
    }
    return { options, rest };
}

function needed(containers: Containers, name = "", complaint = `${DAEMON}No such container: `): Container {
    const found = containers.find(name);
    if (!found) throw new Error(complaint + name);
    return found;
}

async function turned(names: readonly string[], turn: (name: string) => Promise<void>): Promise<Outcome> {
    for (const name of names) await turn(name);
    return printed(names);
}

export const printed = (lines: readonly string[]): Outcome => ({
    code: 0,
    stdout: lines.map((line) => `${line}\n`).join(""),
    stderr: "",
});

export const failed = (said: string, code = 1): Outcome => ({ code, stdout: "", stderr: `${said}\n` });
