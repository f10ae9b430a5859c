import { readdirSync, readFileSync } from "node:fs";

const everyMs = 100;
/** Looks after which a command line counts as settled: from then on it is read again at every tenth. */
const settledAfter = 3;
const again = 10;

/** The command lines of every process, those of the hosts too: read by one look for all that watch. */
const watches = new Set<ArgvWatch>();
/** In how many looks each process has been seen. */
let looks = new Map<string, number>();
let timer: NodeJS.Timeout | undefined;

/** Looks at the command lines of every process for what must not be there. */
export class ArgvWatch {
    readonly found: string[] = [];

    constructor(private readonly secrets: readonly string[]) {
        watches.add(this);
        // what has settled is looked at for this one's secrets too
        looks.clear();
        timer ??= setInterval(look, everyMs);
    }

    read(line: string): void {
        if (this.secrets.some((secret) => line.includes(secret)))
            this.found.push(line.replaceAll("\0", " ").slice(0, 80));
    }

    stop(): void {
        watches.delete(this);
        if (watches.size > 0) return;
        clearInterval(timer);
        timer = undefined;
    }
}

/** A process gets its command line soon after it begins; most of them live long, and reading all is half a core. */
function look(): void {
    const seen = new Map<string, number>();
    for (const pid of readdirSync("/proc")) {
        if (!/^\d+$/.test(pid)) continue;
        const times = looks.get(pid) ?? 0;
        seen.set(pid, times + 1);
        if (times >= settledAfter && times % again > 0) continue;
        const line = commandLine(pid);
        for (const watch of watches) watch.read(line);
    }
    looks = seen;
}

function commandLine(pid: string): string {
    try {
        return readFileSync(`/proc/${pid}/cmdline`, "latin1");
    } catch {
        // it has ended meanwhile
        return "";
    }
}
