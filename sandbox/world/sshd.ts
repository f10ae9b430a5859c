import { createServer, type AddressInfo, type Server as SocketServer, type Socket } from "node:net";
import { Server, type AuthContext, type Connection, type ServerChannel } from "ssh2";
import { newKeyPair, parsePublic } from "./keys";

/** Runs one command line on a host and says what it printed and how it ended. */
export type CommandLine = (command: string) => { stdout: string; stderr: string; code: number };

/** The sshd of one host: a real SSH server on a loopback port of its own. */
export class Sshd {
    attempts = 0;
    private readonly authorizedKeys = new Set<string>();
    private readonly sockets = new Set<Socket>();
    private open = true;
    private protocol: Server;
    private readonly listener: SocketServer;
    private readonly listening: Promise<number>;

    constructor(
        private readonly hostName: string,
        private readonly run: CommandLine,
    ) {
        this.protocol = this.newProtocol();
        // without noDelay each round trip of a handshake waits for a delayed acknowledgement
        this.listener = createServer({ noDelay: true }, (socket) => this.accept(socket));
        this.listening = new Promise((resolve, reject) => {
            this.listener.once("error", reject);
            this.listener.listen(0, "127.0.0.1", () => resolve((this.listener.address() as AddressInfo).port));
        });
    }

    /** The port that really listens; undefined while sshd is down. */
    async port(): Promise<number | undefined> {
        this.attempts += 1;
        return this.open ? await this.listening : undefined;
    }

    close(): void {
        this.open = false;
        this.dropAll();
    }

    reopen(): void {
        this.open = true;
    }

    authorize(publicText: string): void {
        this.authorizedKeys.add(publicText);
    }

    revoke(publicText: string): void {
        this.authorizedKeys.delete(publicText);
    }

    rotateHostKey(): void {
        this.protocol = this.newProtocol();
        this.dropAll();
    }

    async stop(): Promise<void> {
        await this.listening;
        this.close();
        await new Promise((resolve) => this.listener.close(resolve));
    }

    private newProtocol(): Server {
        const hostKeys = [newKeyPair(`root@${this.hostName}`).privateText];
        return new Server({ hostKeys, ident: "OpenSSH_9.6" }, (client) => this.serve(client));
    }

    private accept(socket: Socket): void {
        socket.on("error", () => undefined);
        if (!this.open) {
            socket.destroy();
            return;
        }
        this.sockets.add(socket);
        socket.once("close", () => this.sockets.delete(socket));
        this.protocol.injectSocket(socket);
    }

    private serve(client: Connection): void {
        client.on("error", () => undefined);
        client.on("authentication", (context) =>
            this.admits(context) ? context.accept() : context.reject(["publickey"]),
        );
        client.on("session", (acceptSession) => {
            acceptSession().on("exec", (acceptExec, _reject, info) => this.answer(acceptExec(), info.command));
        });
    }

    private admits(context: AuthContext): boolean {
        if (context.method !== "publickey" || context.username !== "root") return false;
        for (const publicText of this.authorizedKeys) {
            const key = parsePublic(publicText);
            if (!key.getPublicSSH().equals(context.key.data)) continue;
            if (!context.signature || !context.blob) return true;
            return key.verify(context.blob, context.signature, context.hashAlgo) === true;
        }
        return false;
    }

    private answer(channel: ServerChannel, command: string): void {
        const { stdout, stderr, code } = this.run(command);
        if (stdout) channel.write(stdout);
        if (stderr) channel.stderr.write(stderr);
        channel.exit(code);
        channel.end();
    }

    private dropAll(): void {
        for (const socket of this.sockets) socket.destroy();
        this.sockets.clear();
    }
}
