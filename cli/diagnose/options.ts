import { parseArgs } from "node:util";

export const HELP = `Usage: pulumi-isardvdi diagnose HYPERVISOR [options]

Looks at every step from a new machine to Online, in 20 seconds at most, and changes nothing. HYPERVISOR is its
hyperId. The site is configured by the environment (ISARDVDI_API_URL, ISARDVDI_API_TOKEN, ISARDVDI_SERVER, …: see
docs/reference/configuration.md) or by a stack; what it lets us reach is looked at, the rest is named.

  --site NAME         the site's name in sites; by default the top-level keys, or what the stack's state says
  --host CONNECTION   the hypervisor's host: a name in connections, or a connection as JSON
  --hostname NAME     the hostname that its record should have
  --stack NAME        read configuration and state of this stack, through the pulumi command
  --cwd DIR           folder of the stack's program (.)
  --json              print the diagnosis as JSON
  --help              this text

Exit code: 0 no step is known to fail, 1 a step fails, 2 the command or the configuration is not usable.
`;

export interface Options {
    hyperId: string;
    site: string | undefined;
    host: string | undefined;
    hostname: string | undefined;
    stack: string | undefined;
    cwd: string;
    json: boolean;
}

export function optionsOf(args: string[]): Options | "help" {
    const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: {
            site: { type: "string" },
            host: { type: "string" },
            hostname: { type: "string" },
            stack: { type: "string" },
            cwd: { type: "string", default: "." },
            json: { type: "boolean", default: false },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) return "help";
    const [hyperId, ...rest] = positionals;
    if (hyperId === undefined || rest.length > 0)
        throw new Error("Name one hypervisor: pulumi-isardvdi diagnose HYPERVISOR");
    const { site, host, hostname, stack, cwd, json } = values;
    return { hyperId, site, host, hostname, stack, cwd, json };
}
