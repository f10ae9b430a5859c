import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 100;

/** Looks at the command lines of every process, those of the hosts too, for what must not be there. */
export class ArgvWatch {
    readonly found: string[] = [];
    private readonly timer: NodeJS.Timeout;

    constructor(private readonly secrets: readonly string[]) {
        this.timer = setInterval(() => this.look(), EVERY_MS);
    }

    stop(): void {
        clearInterval(this.timer);
    }

    private look(): void {
        for (const pid of readdirSync("/proc")) {
            if (!/^\d+$/.test(pid)) continue;
            const line = commandLine(pid);
            if (this.secrets.some((secret) => line.includes(secret)))
                this.found.push(line.replaceAll("\0", " ").slice(0, 80));
        }
    }
}

function commandLine(pid: string): string {
    try {
        return readFileSync(`/proc/${pid}/cmdline`, "latin1");
    } catch {
        // it has ended meanwhile
        return "";
    }
}
