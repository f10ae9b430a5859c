import { parseArgs } from "node:util";

export const HELP = `Usage: pulumi-isardvdi graph [options]

Draws what a stack has of IsardVDI, as it was at the end of its last run: the server with its video list and settings, the
hosts with their hypervisors, what is forwarded, and the tunnels. The picture is an SVG; no secret gets into it.

  --stack NAME   the stack (the selected one)
  --cwd DIR      folder of the stack's program (.)
  --state FILE   an exported stack instead ("pulumi stack export"); - reads standard input
  --out FILE     write the picture there (standard output)
  --help         this text

Exit code: 0 drawn, 2 the command or the stack is not usable.
`;

export interface Options {
    stack: string | undefined;
    cwd: string;
    state: string | undefined;
    out: string | undefined;
}

export function optionsOf(args: string[]): Options | "help" {
    const { values } = parseArgs({
        args,
        options: {
            stack: { type: "string" },
            cwd: { type: "string", default: "." },
            state: { type: "string" },
            out: { type: "string" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) return "help";
    const { stack, cwd, state, out } = values;
    if (state !== undefined && stack !== undefined) throw new Error("Give --stack or --state, not both.");
    return { stack, cwd, state, out };
}
