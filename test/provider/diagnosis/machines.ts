import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shellQuote, type Remote } from "../../../provider/remote";

/** What a command of a machine prints for some arguments (a shell pattern), and its exit code. */
export type Answer = readonly [pattern: string, text: string, code?: number];
export type Commands = Readonly<Record<string, readonly Answer[]>>;

/** A machine whose commands are played: the probe's script itself is run by this machine's own sh. */
export class PlayedMachine implements Remote {
    readonly name = "root@played:22";
    readonly scripts: string[] = [];
    private readonly folder = mkdtempSync(join(tmpdir(), "diagnosis-"));

    constructor(commands: Commands) {
        mkdirSync(join(this.folder, "bin"));
        for (const [command, answers] of Object.entries(commands)) {
            const path = join(this.folder, "bin", command);
            writeFileSync(path, shim(command, answers));
            chmodSync(path, 0o755);
        }
    }

    run(script: string): ReturnType<Remote["run"]> {
        this.scripts.push(script);
        const env = { PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`, TMPDIR: this.folder, LC_ALL: "C" };
        return new Promise((resolve) => {
            const child = execFile("/bin/sh", ["-c", script], { env, timeout: 30_000 }, (error, stdout, stderr) =>
                resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr }),
            );
            child.stdin?.end();
        });
    }

    runAnew(script: string): ReturnType<Remote["run"]> {
        return this.run(script);
    }

    connect(): never {
        throw new Error("nothing here dials through a machine");
    }

    remove(): void {
        rmSync(this.folder, { recursive: true });
    }
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
