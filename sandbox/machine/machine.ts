import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { mustRun, run, type Outcome, type RunOptions } from "./command";
import { Dialer } from "./dialer";
import { Namespaces, TIED } from "./namespaces";
import { IDLE, PATH_INSIDE, rootOf, rootScript } from "./root";

/** A place on a bridge of another machine, which is the gateway. */
export interface Behind {
    machine: Machine;
    bridge: string;
    gateway: string;
    address: string;
    /** Whether the others know the way to the address. */
    routed?: boolean;
}

export interface MachineOptions {
    /** On the network. Default: the next free one. */
    address?: string;
    behind?: Behind;
    /** Folders whose /usr lies over that of the packages, the first one on top. */
    programs?: readonly string[];
    /** More of the shell script that process 1 runs first. */
    setup?: string;
    /** What takes its place then. Default: a process that only waits. */
    init?: string;
    /** Shell lines that run on this machine before the namespaces are made. */
    before?: string;
    /** A shell command that asks for the end. Default: none, as when the power fails. */
    shutdown?: string;
    /** Runs at the end of each boot. */
    started?: (machine: Machine) => Promise<void>;
}

/** What a machine needs from its network. */
export interface Place {
    packages: string | undefined;
    disk: string;
    wire: Namespaces;
    attach(namespaces: Namespaces): Promise<void>;
    dial(port: number, timeoutMs?: number): Promise<Socket>;
}

/** A machine made of namespaces. */
export class Machine {
    private running: Namespaces | undefined;
    private dialer: Promise<Dialer> | undefined;
    private readonly relays = new Map<number, Server>();
    private readonly sockets = new Set<Socket>();
    private readonly doors: Server[] = [];

    constructor(
        readonly name: string,
        readonly address: string,
        private readonly options: MachineOptions,
        private readonly place: Place,
    ) {}

    get namespaces(): Namespaces {
        if (!this.running) throw new Error(`The machine ${this.name} does not run.`);
        return this.running;
    }

    /** Its root folder as this process sees it. */
    get root(): string {
        return rootOf(this.namespaces.pid);
    }

    async boot(): Promise<void> {
        const { programs = [], setup = "" } = this.options;
        const script = rootScript(this.place.disk, this.place.packages, programs, this.name) + setup;
        this.running = await Namespaces.start(script, this.options.init ?? IDLE, this.place.wire, this.options.before);
        await this.place.attach(this.running);
        await this.options.started?.(this);
    }

    /** Ends everything that runs and starts again: another network namespace, the same disk. */
    async reboot(): Promise<void> {
        if (this.options.shutdown) {
            await this.exec(this.options.shutdown);
            await this.namespaces.ended(20_000);
        }
        await this.halt();
        await this.boot();
    }

    /** Runs a shell command as root. */
    async exec(command: string, options: RunOptions = {}): Promise<Outcome> {
        return await run(this.commandLine(command), options);
    }

    /** The same; a failure is an error. */
    async must(command: string, options: RunOptions = {}): Promise<string> {
        return await mustRun(this.commandLine(command), options).catch((error: Error) => {
            throw new Error(`${this.name}: ${command}: ${error.message.replace(/^.* ended with/s, "ended with")}`);
        });
    }

    /** Starts a command that goes on; it ends with the machine. */
    spawn(command: string): ChildProcess {
        const [program = "", ...args] = this.commandLine(command);
        return spawn(program, args, { stdio: "pipe" });
    }

    /** The command line, on this machine, of a shell command in the machine. */
    commandLine(command: string): string[] {
        const environment = ["env", "-i", `PATH=${PATH_INSIDE}`, "HOME=/root", "LANG=C.UTF-8"];
        // tied to nsenter, which is all that a time limit can end
        return [...this.namespaces.entering(), ...environment, ...TIED, "sh", "-c", command];
    }

    /** The command line of a command of this machine, with its files, that has only the network of the machine. */
    networkOnly(argv: readonly string[]): string[] {
        return [...this.namespaces.entering("net"), ...argv];
    }

    /** A connection from the machine to an address as it sees it. */
    async dial(address: string, port: number, timeoutMs?: number): Promise<Socket> {
        this.dialer ??= Dialer.start(this.namespaces);
        return this.track(await (await this.dialer).dial(address, port, timeoutMs));
    }

    /** A port on this machine's loopback whose connections come to the machine from the network. */
    async relay(port: number): Promise<number> {
        const server = this.relays.get(port) ?? createServer({ noDelay: true, pauseOnConnect: true });
        if (this.relays.has(port)) return (server.address() as AddressInfo).port;
        this.relays.set(port, server);
        server.on("connection", (outer: Socket) => void this.join(outer, port));
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(0, "127.0.0.1", resolve);
        });
        return (server.address() as AddressInfo).port;
    }

    /** Takes care of a server whose socket lies on the machine. */
    closeAtStop(server: Server): void {
        this.doors.push(server);
    }

    async stop(): Promise<void> {
        for (const server of this.doors) server.close();
        for (const server of this.relays.values()) server.close();
        for (const socket of this.sockets) socket.destroy();
        await this.halt();
    }

    private async halt(): Promise<void> {
        const dialer = this.dialer;
        this.dialer = undefined;
        await (await dialer)?.stop();
        await this.running?.stop();
        this.running = undefined;
    }

    private async join(outer: Socket, port: number): Promise<void> {
        this.track(outer);
        try {
            const inner = this.track(await this.place.dial(port));
            outer.once("close", () => inner.destroy());
            inner.once("close", () => outer.destroy());
            outer.pipe(inner).pipe(outer);
        } catch {
            outer.destroy();
        }
    }

    private track(socket: Socket): Socket {
        this.sockets.add(socket);
        return socket.on("error", () => undefined).once("close", () => this.sockets.delete(socket));
    }
}
