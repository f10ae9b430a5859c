import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

const PRIVILEGED = process.getuid?.() === 0;

/** All die with the process that started them, even by SIGKILL: the kernel sees to it. */
export const TIED = ["setpriv", "--pdeathsig", "KILL"] as const;

const READY = "namespaces are ready";

/** A set of namespaces (mounts, network, processes, host name, IPC), alive as long as its first process. */
export class Namespaces {
    private constructor(private readonly child: ChildProcess) {}

    /**
     * Runs a shell script as process 1 of new namespaces, after which `init` takes its place.
     * With `disks`, the mounts of those namespaces are the base of the new ones.
     */
    static async start(script: string, init: string, disks?: Namespaces, before = ""): Promise<Namespaces> {
        const kinds = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--propagation", "private"];
        const user = PRIVILEGED || disks ? [] : ["--user", "--map-root-user"];
        const base = disks ? disks.entering("mnt", ...(PRIVILEGED ? [] : ["user" as const])) : [];
        const inner = ["unshare", ...user, ...kinds, "--fork", "--kill-child", "sh", "-c"];
        const child = spawn(
            "setpriv",
            [
                ...TIED.slice(1),
                "sh",
                "-c",
                `${before}\nexec "$@"`,
                "sh",
                ...base,
                ...inner,
                `${script}\necho ${READY}\n${init}`,
            ],
            { stdio: ["ignore", "pipe", "pipe"] },
        );
        const namespaces = new Namespaces(child);
        await namespaces.ready();
        return namespaces;
    }

    /** The process, on this machine, to whose network namespace a link can be given. */
    get pid(): number {
        if (!this.alive || this.child.pid === undefined) throw new Error("These namespaces have ended.");
        return this.child.pid;
    }

    get alive(): boolean {
        return this.child.exitCode === null && this.child.signalCode === null;
    }

    /** The beginning of a command line that runs in some of the namespaces; in all of them by default. */
    entering(...kinds: Kind[]): string[] {
        const all: Kind[] = PRIVILEGED ? KINDS : ["user", ...KINDS];
        // never the process itself: its id is looked at anew each time, and is ours until it is waited for
        const paths = (kinds.length > 0 ? kinds : all).map((kind) => OPTIONS[kind](`/proc/${this.pid}/ns`));
        return ["nsenter", ...paths, ...(kinds.length > 0 || PRIVILEGED ? [] : ["--preserve-credentials"]), "--"];
    }

    /** Waits for an end that was asked for, a while. */
    async ended(timeoutMs: number): Promise<void> {
        if (!this.alive) return;
        await Promise.race([once(this.child, "exit"), setTimeout(timeoutMs, undefined, { ref: false })]);
    }

    async stop(): Promise<void> {
        if (!this.alive) return;
        const gone = once(this.child, "exit");
        this.child.kill("SIGKILL");
        await gone;
    }

    private async ready(): Promise<void> {
        const { stdout, stderr } = this.child;
        let printed = "";
        await new Promise<void>((resolve, reject) => {
            const hear = (text: string): void => {
                printed += text;
                if (printed.includes(READY)) resolve();
            };
            stdout?.setEncoding("utf8").on("data", hear);
            stderr?.setEncoding("utf8").on("data", hear);
            this.child.once("error", reject);
            this.child.once("exit", (code) => reject(new Error(`No namespaces, exit code ${code}: ${printed.trim()}`)));
        });
        // read on, for a full pipe would stop the writer
        stdout?.removeAllListeners("data").resume();
        stderr?.removeAllListeners("data").resume();
    }
}

export type Kind = "user" | "mnt" | "net" | "pid" | "uts" | "ipc" | "cgroup";

const KINDS: Kind[] = ["mnt", "net", "pid", "uts", "ipc", "cgroup"];

const OPTIONS: Record<Kind, (folder: string) => string> = {
    user: (folder) => `--user=${folder}/user`,
    mnt: (folder) => `--mount=${folder}/mnt`,
    net: (folder) => `--net=${folder}/net`,
    // unshare itself stays outside: only its children are inside
    pid: (folder) => `--pid=${folder}/pid_for_children`,
    uts: (folder) => `--uts=${folder}/uts`,
    ipc: (folder) => `--ipc=${folder}/ipc`,
    cgroup: (folder) => `--cgroup=${folder}/cgroup`,
};
