import { parseArgs } from "node:util";
import { readConfiguration } from "../../provider/configuration";
import { clearForwards, rulesOfOurs } from "../../provider/firewall/clear";
import { openRemotes } from "../../provider/remote";
import { type Log, silentLog, systemClock } from "../../provider/world";
import { readStack } from "../stack/configuration";

const HELP = `Usage: pulumi-isardvdi clear-forwards CONNECTION [options]

Takes every forward of ours out of a host's firewall, of whichever stack, with their ledger. It is the way out where that
ledger is damaged. Without --yes it shows what would go. Forwards are gone until pulumi up --refresh of each stack that
has some on this host puts them back. CONNECTION is a name in connections. The site is configured by the environment
(ISARDVDI_CONNECTIONS, …: see docs/reference/configuration.md) or by a stack.

  --yes          do it
  --stack NAME   read the configuration of this stack, through the pulumi command
  --cwd DIR      folder of the stack's program (.)
  --help         this text

Exit code: 0 they are out, or were shown, 2 the command, the configuration or the host is not usable.
`;

export async function runClearForwards(args: string[]): Promise<number> {
    const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: {
            yes: { type: "boolean", default: false },
            stack: { type: "string" },
            cwd: { type: "string", default: "." },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) return (process.stdout.write(HELP), 0);
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0)
        throw new Error("Name one connection: pulumi-isardvdi clear-forwards CONNECTION");
    const stack = values.stack === undefined ? undefined : await readStack(values.stack, values.cwd);
    const configuration = readConfiguration(stack?.get ?? (() => undefined), process.env);
    const interruption = new AbortController();
    process.once("SIGINT", () => interruption.abort(new Error("interrupted")));
    const remotes = openRemotes({ ssh: configuration.ssh });
    const call = { signal: interruption.signal, log: said };
    try {
        const remote = remotes.open(configuration.connection(name));
        if (values.yes) await clearForwards(remote, call, systemClock);
        const rules = await rulesOfOurs(remote, call);
        const shown = rules.length > 0 ? rules.join("\n") : "No rule there is ours.";
        const done = `Every forward of ours is out of ${remote.name}.`;
        process.stdout.write(
            values.yes ? `${done}\n` : `${remote.name} has these; give --yes to take them out.\n${shown}\n`,
        );
        return 0;
    } finally {
        await remotes.close();
    }
}

const told = (line: string): void => void process.stderr.write(`${line}\n`);
const said: Log = { ...silentLog, info: told, warn: told, status: told };
