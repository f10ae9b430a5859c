#!/usr/bin/env node
import { runDiagnose } from "./diagnose/run";

const HELP = `Usage: pulumi-isardvdi COMMAND [options]

  diagnose HYPERVISOR   why a hypervisor is not Online: step, cause, remedy and evidence

Each command has its own --help.
`;

const commands: Readonly<Record<string, (args: string[]) => Promise<number>>> = { diagnose: runDiagnose };

async function main([name = "--help", ...args]: string[]): Promise<number> {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command) return command(args);
    if (name === "--help") {
        process.stdout.write(HELP);
        return 0;
    }
    process.stderr.write(`"${name}" is no command.\n\n${HELP}`);
    return 2;
}

main(process.argv.slice(2)).then(
    (code) => {
        process.exitCode = code;
    },
    (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 2;
    },
);
