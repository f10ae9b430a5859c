import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { type Namespaces, TIED } from "./namespaces";

interface Order {
    id: number;
    address: string;
    port: number;
    timeoutMs: number;
}
type Answer = { id: number; error?: string; code?: string };

/**
 * Opens connections inside a network namespace for this process, which stays outside: a small process within makes
 * them and hands them over.
 */
export class Dialer {
    private next = 0;
    private readonly waiting = new Map<number, { resolve: (socket: Socket) => void; reject: (error: Error) => void }>();

    private constructor(private readonly child: ChildProcess) {
        child.on("message", (answer: Answer, socket) => this.take(answer, socket as Socket | undefined));
        child.once("exit", () => {
            for (const { reject } of this.waiting.values()) reject(new Error("The network has ended."));
            this.waiting.clear();
        });
    }

    static async start(namespaces: Namespaces): Promise<Dialer> {
        const [command = "", ...args] = [
            ...TIED,
            ...namespaces.entering("net"),
            process.execPath,
            "-e",
            `(${inside.toString()})()`,
        ];
        const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
        await Promise.race([
            once(child, "message"),
            once(child, "exit").then(() => Promise.reject(new Error("The dialer did not start."))),
        ]);
        return new Dialer(child);
    }

    async dial(address: string, port: number, timeoutMs = 10_000): Promise<Socket> {
        const id = this.next++;
        return await new Promise((resolve, reject) => {
            this.waiting.set(id, { resolve, reject });
            this.child.send({ id, address, port, timeoutMs } satisfies Order, (error) => {
                if (error && this.waiting.delete(id)) reject(error);
            });
        });
    }

    async stop(): Promise<void> {
        if (this.child.exitCode !== null || this.child.signalCode !== null) return;
        const gone = once(this.child, "exit");
        this.child.kill("SIGKILL");
        await gone;
    }

    private take({ id, error, code }: Answer, socket: Socket | undefined): void {
        const waiting = this.waiting.get(id);
        this.waiting.delete(id);
        if (socket && waiting) waiting.resolve(socket.setNoDelay(true));
        else if (socket) socket.destroy();
        else waiting?.reject(Object.assign(new Error(error ?? "The connection was lost on its way."), { code }));
    }
}

/** Runs in the other process, from its text alone: it may name nothing of this file. */
function inside(): void {
    const net = process.getBuiltinModule("node:net");
    process.on("disconnect", () => process.exit());
    process.on("message", ({ id, address, port, timeoutMs }: Order) => {
        const socket = net.connect({ host: address, port, noDelay: true });
        // what the other side says first belongs to the process that asked
        socket.pause();
        const fail = (error: Error & { code?: string }): void => {
            clearTimeout(timer);
            socket.destroy();
            process.send?.({ id, error: error.message, code: error.code });
        };
        const timer = setTimeout(
            () => fail(Object.assign(new Error(`connect ETIMEDOUT ${address}:${port}`), { code: "ETIMEDOUT" })),
            timeoutMs,
        );
        socket.once("error", fail);
        socket.once("connect", () => {
            clearTimeout(timer);
            socket.off("error", fail);
            process.send?.({ id }, socket);
        });
    });
    process.send?.("ready");
}
