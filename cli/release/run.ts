import { parseArgs } from "node:util";
import { readConfiguration } from "../../provider/configuration";
import { ownerNamed } from "../../provider/hypervisor/owner";
import { openSite } from "../../provider/isardvdi";
import { silentLog, systemClock } from "../../provider/world";
import { readStack } from "../stack/configuration";
import { say } from "../terminal";

const HELP = `Usage: pulumi-isardvdi release HYPERVISOR [options]

Takes out of a hypervisor's record whose it is (its column pulumi_owner), where no stack has that resource any more: one that was
kept by retainOnDelete, forgotten by pulumi state delete, or whose stack is gone. The hypervisor goes on as it is, and the next
resource with its hyperId and hostname takes it over. Without --yes it shows whose it is. HYPERVISOR is its hyperId. The site is configured
by the environment (ISARDVDI_API_URL, ISARDVDI_API_TOKEN, …: see docs/reference/configuration.md) or by a stack.

  --yes          do it
  --site NAME    the site's name in sites; by default the top-level keys
  --stack NAME   read the configuration of this stack, through the pulumi command
  --cwd DIR      folder of the stack's program (.)
  --help         this text

Exit code: 0 it is nobody's, or its owner was shown, 2 the command, the configuration or the site is not usable.
`;

export async function runRelease(args: string[]): Promise<number> {
    const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: {
            yes: { type: "boolean", default: false },
            site: { type: "string" },
            stack: { type: "string" },
            cwd: { type: "string", default: "." },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) return told(HELP);
    const [hyperId, ...rest] = positionals;
    if (hyperId === undefined || rest.length > 0)
        throw new Error("Name one hypervisor: pulumi-isardvdi release HYPERVISOR");
    const stack = values.stack === undefined ? undefined : await readStack(values.stack, values.cwd);
    const configuration = readConfiguration(stack?.get ?? (() => undefined), process.env);
    const interruption = new AbortController();
    process.once("SIGINT", () => interruption.abort(new Error("interrupted")));
    const call = { signal: interruption.signal, log: silentLog };
    const settings = configuration.site(values.site);
    if (settings.unencrypted && values.yes) throw settings.unencrypted;
    const api = await openSite(settings, { clock: systemClock, signal: call.signal });
    const record = await api.find(hyperId, call);
    if (!record) throw new Error(`The site has no hypervisor "${hyperId}": there is nothing to release.`);
    const owner = ownerNamed(record);
    if (owner === undefined) return told(`${hyperId} is nobody's.\n`);
    if (!values.yes) return told(`${hyperId} belongs to ${owner}; give --yes where no stack has that any more.\n`);
    await api.change(hyperId, { owner: "" }, call);
    return told(`${hyperId} is nobody's now; it belonged to ${owner}.\n`);
}

const told = (line: string): number => (say(line), 0);
