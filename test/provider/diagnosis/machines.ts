import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shellQuote, type Remote } from "../../../provider/remote";

/** What a command of a machine prints for some arguments (a shell pattern), and its exit code. */
export type Answer = readonly [pattern: string, text: string, code?: number];
export type Commands = Readonly<Record<string, readonly Answer[]>>;

type Outcome = ReturnType<Remote["run"]>;

/** Most tests ask a machine that is well: what the same commands answer to the same script is found out once. */
const answered = new Map<string, Outcome>();

/** A machine whose commands are played: the probe's script itself is run by this machine's own sh. */
export class PlayedMachine implements Remote {
    readonly name = "root@played:22";
    readonly scripts: string[] = [];

    constructor(private readonly commands: Commands) {}

    run(script: string): Outcome {
        this.scripts.push(script);
        const key = JSON.stringify([this.commands, script]);
        const outcome = answered.get(key) ?? play(this.commands, script);
        answered.set(key, outcome);
        return outcome;
    }

    runAnew(script: string): ReturnType<Remote["run"]> {
        return this.run(script);
    }

    connect(): never {
        throw new Error("nothing here dials through a machine");
    }
}

function play(commands: Commands, script: string): Outcome {
    const folder = mkdtempSync(join(tmpdir(), "diagnosis-"));
    mkdirSync(join(folder, "bin"));
    for (const [command, answers] of Object.entries(commands)) {
        const path = join(folder, "bin", command);
        writeFileSync(path, shim(command, answers));
        chmodSync(path, 0o755);
    }
    const env = { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, TMPDIR: folder, LC_ALL: "C" };
    return new Promise((resolve) => {
        const child = execFile("/bin/sh", ["-c", script], { env, timeout: 30_000 }, (error, stdout, stderr) => {
            rmSync(folder, { recursive: true });
            resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr });
        });
        child.stdin?.end();
    });
}

/** A command of which some calls are played; cat, grep and the like do their own work otherwise. */
function shim(command: string, answers: readonly Answer[]): string {
    const cases = answers.map(
        ([pattern, text, code = 0]) => `${pattern}) printf '%s\\n' ${shellQuote(text)}; exit ${code} ;;`,
    );
    const real = ["cat", "grep"].includes(command);
    const otherwise = real ? `exec /bin/${command} "$@"` : `echo "${command}: not played: $*" >&2; exit 1`;
    return `#!/bin/sh\ncase "$*" in\n${cases.join("\n")}\n*) ${otherwise} ;;\nesac\n`;
}
