import { execFileSync, spawn } from "node:child_process";
import {
    chmodSync,
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Remote } from "../../provider/remote/remote";
import { shellQuote } from "../../provider/remote/quote";

const buildScript = join(__dirname, "..", "..", "sandbox", "checkout", "build.sh");

/** Commands that change something, after which a job can be killed; `timeout` is the one that runs build.sh. */
const steps = ["cp", "ln", "mv", "rm", "timeout", "docker"];

export const someCfg = `# IsardVDI's configuration
#FLAVOUR=all-in-one
DOMAIN=isard.example.org
API_HYPERVISORS_SECRET='s3cret/of+the=host'
## Which hypervisors the video proxy lets through
#VIDEO_HYPERVISOR_HOSTNAMES=isard-hypervisor
#VIDEO_HYPERVISOR_PORTS=5900-7899

export LOG_LEVEL="INFO"  # or DEBUG
`;

/** A server with IsardVDI's checkout, in a folder: its scripts are run by a real sh, its containers are files. */
export class Checkout {
    readonly root = mkdtempSync(join(tmpdir(), "checkout-"));
    readonly folder = join(this.root, "src");
    readonly configPath: string;
    private entry: string[] = [];
    private way: Remote | undefined;

    constructor(
        cfg = someCfg,
        readonly file = "isardvdi.cfg",
    ) {
        this.configPath = join(this.folder, file);
        for (const each of [this.folder, join(this.root, "bin"), join(this.root, "containers")]) mkdirSync(each);
        writeFileSync(join(this.root, "machine-id"), `${this.root.slice(-6)}\n`);
        this.write("events", "");
        this.resolves("h1.example.org", "h2.example.org", "h3.example.org");
        copyFileSync(buildScript, join(this.folder, "build.sh"));
        chmodSync(join(this.folder, "build.sh"), 0o755);
        for (const each of ["docker", "getent", "sleep"])
            symlinkSync(join(__dirname, "bin", each), join(this.root, "bin", each));
        writeFileSync(this.configPath, cfg, { mode: 0o640 });
        chmodSync(this.configPath, 0o640);
    }

    /** From now on the provider's scripts run behind this command, such as one that enters a namespace. */
    inside(command: string[]): void {
        this.entry = command;
    }

    /** Builds and starts everything, as an administrator would have done long ago. */
    start(): this {
        this.sh("./build.sh && docker compose -f docker-compose*.yml up -d");
        this.write("events", "");
        return this;
    }

    /** From now on every command of a job that changes something counts; after this many the job is killed, after 0 never. */
    killAfter(count: number): void {
        for (const each of steps) {
            const path = join(this.root, "bin", each);
            rmSync(path, { force: true });
            symlinkSync(join(__dirname, "bin", "step"), path);
        }
        this.write("steps", "");
        this.write("kill.at", String(count));
    }

    /** Whether the job was killed; otherwise it had fewer commands than were counted. */
    get killed(): boolean {
        return !existsSync(join(this.root, "kill.at"));
    }

    resolves(...names: string[]): void {
        this.write("dns", `${names.join("\n")}\n`);
    }

    write(name: string, text: string): void {
        writeFileSync(join(this.root, name), text);
    }

    get cfg(): string {
        return readFileSync(this.configPath, "latin1");
    }

    set cfg(text: string) {
        writeFileSync(this.configPath, text, "latin1");
    }

    /** What was done to containers since the start, such as "recreate isard-squid". */
    get events(): string[] {
        return readFileSync(join(this.root, "events"), "utf8").split("\n").filter(Boolean);
    }

    get builds(): number {
        const path = join(this.folder, "builds");
        return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").length : 0;
    }

    /** A variable of a running container. */
    running(service: string, key: string): string | undefined {
        const path = join(this.root, "containers", `${service}.json`);
        if (!existsSync(path)) return undefined;
        const { env } = JSON.parse(readFileSync(path, "utf8")) as { env: string[] };
        return env.find((each) => each.startsWith(`${key}=`))?.slice(key.length + 1);
    }

    sh(script: string): string {
        return execFileSync("sh", ["-c", script], { cwd: this.folder, env: this.environment, encoding: "utf8" });
    }

    /** From now on the provider's scripts go this way, instead of straight into a shell. */
    reachedThrough(way: Remote): void {
        this.way = way;
    }

    /** The server as the provider reaches it. */
    remote(name = "root@server:22"): Remote {
        if (this.way) return this.over(this.way);
        const run: Remote["run"] = (script, { signal }, input = "") =>
            new Promise((resolve, reject) => {
                if (signal.aborted) return reject(signal.reason as Error);
                const [command = "sh", ...args] = [...this.entry, "sh", "-c", this.adapted(script)];
                const child = spawn(command, args, { env: this.environment, cwd: this.root, signal });
                const [out, err]: [Buffer[], Buffer[]] = [[], []];
                child.stdout.on("data", (data: Buffer) => out.push(data));
                child.stderr.on("data", (data: Buffer) => err.push(data));
                child.on("error", reject);
                const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString("utf8");
                child.on("close", (code) => resolve({ code: code ?? 255, stdout: text(out), stderr: text(err) }));
                child.stdin.on("error", () => undefined);
                child.stdin.end(input);
            });
        return { name, run, runAnew: run, connect: () => Promise.reject(new Error("no streams here")) };
    }

    remove(): void {
        rmSync(this.root, { recursive: true, force: true });
    }

    /** What the machine's own environment would be, before each script. */
    private over(way: Remote): Remote {
        const exports = Object.entries(this.environment).map(
            ([name, value]) => `export ${name}=${shellQuote(value ?? "")}`,
        );
        const run: Remote["run"] = (script, call, input) =>
            way.run(`${exports.join("\n")}\n${this.adapted(script)}`, call, input);
        return { name: way.name, run, runAnew: run, connect: way.connect.bind(way) };
    }

    private adapted(script: string): string {
        return script.replaceAll("/etc/machine-id", join(this.root, "machine-id"));
    }

    private get environment(): NodeJS.ProcessEnv {
        const path = process.env["PATH"] ?? "";
        return {
            PATH: `${join(this.root, "bin")}:${path}`,
            STANDIN: this.root,
            STANDIN_PATH: `${join(__dirname, "bin")}:${path}`,
        };
    }
}
