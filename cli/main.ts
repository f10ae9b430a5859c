#!/usr/bin/env node
import { asError } from "../provider/as-error";
import { runAdopt } from "./adopt/run";
import { runClearForwards } from "./clear-forwards/run";
import { runDiagnose } from "./diagnose/run";
import { runGraph } from "./graph/run";
import { runRebuildLedger } from "./rebuild-ledger/run";
import { runRelease } from "./release/run";
import { remark, say } from "./terminal";

const HELP = `Usage: pulumi-isardvdi COMMAND [options]

  adopt                 a program that takes over a site that was built by hand
  diagnose HYPERVISOR   why a hypervisor is not Online: step, cause, remedy and evidence
  graph                 a picture of what a stack has
  rebuild-ledger NAME   write a host's ledger of forwards anew, from its rules, where it is damaged
  clear-forwards NAME   take forwards of ours out of a host whose ledger is damaged, or those of an owner that is gone
  release HYPERVISOR    make a hypervisor nobody's, where no stack has its resource any more

Each command has its own --help.
`;

const commands: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
    adopt: runAdopt,
    "clear-forwards": runClearForwards,
    diagnose: runDiagnose,
    graph: runGraph,
    "rebuild-ledger": runRebuildLedger,
    release: runRelease,
};

async function main([name = "--help", ...args]: string[]): Promise<number> {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command) return command(args);
    if (name === "--help") {
        say(HELP);
        return 0;
    }
    remark(`"${name}" is no command.\n\n${HELP.trimEnd()}`);
    return 2;
}

main(process.argv.slice(2)).then(
    (code) => {
        process.exitCode = code;
    },
    (error: unknown) => {
        remark(asError(error).message);
        process.exitCode = 2;
    },
);
