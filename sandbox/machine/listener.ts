import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Server } from "node:net";
import { type Namespaces, TIED } from "./namespaces";

/**
 * A server of this process whose socket is in a network namespace, on every address there: a short-lived process
 * within opens it and hands it over. Another one is needed after it was closed.
 */
export async function listenInside(namespaces: Namespaces, port: number): Promise<Server> {
    const [command = "", ...args] = [
        ...TIED,
        ...namespaces.entering("net"),
        process.execPath,
        "-e",
        `(${inside.toString()})(${port})`,
    ];
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
    const gone = once(child, "exit");
    const server = await Promise.race([
        new Promise<Server>((resolve) => child.once("message", (_message, handle) => resolve(handle as Server))),
        gone.then(() => Promise.reject(new Error(`Nothing listens on port ${port}: ${said.trim()}`))),
    ]);
    // two holders would share what comes in
    child.kill("SIGKILL");
    await gone;
    return server;
}

/** Runs in the other process, from its text alone: it may name nothing of this file. */
function inside(port: number): void {
    const net = process.getBuiltinModule("node:net");
    const server = net.createServer().listen(port, "0.0.0.0", 511, () => process.send?.("ready", server));
}
