import { parseArgs } from "node:util";

export const HELP = `Usage: pulumi-isardvdi adopt [options]

Reads a site that was built by hand, and writes the program that takes it over: its records, the forwards of its hosts
and of its server, and the list of its video proxy. Changes nothing. The next \`pulumi up\` of that program adopts all of
it, and the one after has nothing to do. The site is configured by the environment (ISARDVDI_API_URL, …: see
docs/reference/configuration.md) or by a stack.

  --site NAME               the site's name in sites; by default the top-level keys
  --host HYPERVISOR=NAME    whose host the connection is; needed where neither the hyperId nor the hostname tells
  --docker-net NET          the first three parts of isard-network's addresses (172.31.255)
  --config-path PATH        the server's isardvdi.cfg (/opt/isard/src/isardvdi.cfg)
  --stack NAME              read the configuration of this stack, through the pulumi command
  --cwd DIR                 folder of the stack's program (.)
  --out FILE                write the program there, never over another file (standard output)
  --help                    this text

Exit code: 0 written, 2 the command, the configuration or the site is not usable. What could not be looked at is named on
standard error and in the program.
`;

export interface Options {
    site: string | undefined;
    /** Names of connections by hyperId. */
    hosts: ReadonlyMap<string, string>;
    dockerNet: string;
    configPath: string;
    stack: string | undefined;
    cwd: string;
    out: string | undefined;
}

export function optionsOf(args: string[]): Options | "help" {
    const { values } = parseArgs({
        args,
        options: {
            site: { type: "string" },
            host: { type: "string", multiple: true, default: [] },
            "docker-net": { type: "string", default: "172.31.255" },
            "config-path": { type: "string", default: "/opt/isard/src/isardvdi.cfg" },
            stack: { type: "string" },
            cwd: { type: "string", default: "." },
            out: { type: "string" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) return "help";
    const dockerNet = values["docker-net"];
    if (!/^\d{1,3}(\.\d{1,3}){2}$/.test(dockerNet))
        throw new Error(
            `--docker-net must be the first three parts of an address, such as 172.31.255, not "${dockerNet}".`,
        );
    const { site, stack, cwd, out } = values;
    return {
        site,
        hosts: new Map(values.host.map(pair)),
        dockerNet,
        configPath: values["config-path"],
        stack,
        cwd,
        out,
    };
}

function pair(text: string): [string, string] {
    const [, hyperId = "", name = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === "") throw new Error(`--host must be HYPERVISOR=NAME, such as h1=bcn-h1, not "${text}".`);
    return [hyperId, name];
}
