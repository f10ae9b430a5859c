import { parseArgs } from "node:util";
import { readConfiguration } from "../../provider/configuration";
import { openRemotes } from "../../provider/remote";
import type { Remote, RemoteCall } from "../../provider/remote/remote";
import { type Log, silentLog } from "../../provider/world";
import { readStack } from "../stack/configuration";
import { remark, say } from "../terminal";

export interface Work {
    remote: Remote;
    call: RemoteCall;
    /** --yes. */
    isSure: boolean;
    /** The command's own options. */
    given: Readonly<Record<string, string | boolean | undefined>>;
}

/** Runs a command on the one host that it names, and prints what it says. */
export async function onHost(
    command: string,
    help: string,
    args: string[],
    run: (work: Work) => Promise<string>,
    own: Record<string, { type: "string" }> = {},
): Promise<number> {
    const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: {
            yes: { type: "boolean", default: false },
            stack: { type: "string" },
            cwd: { type: "string", default: "." },
            help: { type: "boolean", default: false },
            ...own,
        },
    });
    if (values.help) return (say(help), 0);
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0)
        throw new Error(`Name one connection: pulumi-isardvdi ${command} CONNECTION`);
    const stack = values.stack === undefined ? undefined : await readStack(values.stack, values.cwd);
    const configuration = readConfiguration(stack?.get ?? (() => undefined), process.env);
    const interruption = new AbortController();
    process.once("SIGINT", () => interruption.abort(new Error("interrupted")));
    const remotes = openRemotes({ ssh: configuration.ssh });
    try {
        const remote = remotes.open(configuration.connection(name));
        const call = { signal: interruption.signal, log: said };
        say(`${await run({ remote, call, isSure: values.yes, given: values })}\n`);
        return 0;
    } finally {
        await remotes.close();
    }
}

const said: Log = { ...silentLog, info: remark, warn: remark, status: remark };
