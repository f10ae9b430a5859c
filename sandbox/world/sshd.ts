import type { Server as SocketServer, Socket } from "node:net";
import { Server, type AuthContext, type Connection, type ServerChannel } from "ssh2";
import type { Listen } from "./ground";
import { newKeyPair, parsePublic } from "./keys";

/** Runs one command line on a host and says what it printed and how it ended. */
export type CommandLine = (command: string) => { stdout: string; stderr: string; code: number };

/** The sshd of one hypervisor: a real SSH server. */
export class Sshd {
    attempts = 0;
    listening: Promise<SocketServer>;
    private readonly authorizedKeys = new Set<string>();
    private readonly sockets = new Set<Socket>();
    private open = true;
    private manner: "open" | "mute" | "foreign" = "open";
    private protocol: Server;

    constructor(
        private readonly hostName: string,
        private readonly run: CommandLine,
        private readonly listen: Listen,
    ) {
        this.protocol = this.newProtocol();
        this.listening = this.start();
    }

    /** What listens, for a connection that is tried; undefined while sshd is down. */
    async server(): Promise<SocketServer | undefined> {
        this.attempts += 1;
        return this.open ? await this.listening : undefined;
    }

    close(): void {
        this.open = false;
        this.listening.then(
            (server) => server.close(),
            () => undefined,
        );
        this.dropAll();
    }

    reopen(): void {
        if (this.open) return;
        this.open = true;
        this.listening = this.start();
    }

    /** Those that were connected before are cut off. */
    behave(manner: "open" | "mute" | "foreign"): void {
        if (manner === this.manner) return;
        this.manner = manner;
        this.dropAll();
    }

    /** The lines of its authorized_keys. */
    get authorized(): readonly string[] {
        return [...this.authorizedKeys];
    }

    set authorized(lines: readonly string[]) {
        this.authorizedKeys.clear();
        for (const line of lines) this.authorizedKeys.add(line);
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
        this.close();
        const server = await this.listening.catch(() => undefined);
        await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    }

    private start(): Promise<SocketServer> {
        const started = this.listen().then((server) => server.on("connection", (socket) => this.accept(socket)));
        // whoever needs it is told
        started.catch(() => undefined);
        return started;
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
        // without it each round trip of a handshake waits for a delayed acknowledgement
        socket.setNoDelay(true);
        this.sockets.add(socket);
        socket.once("close", () => this.sockets.delete(socket));
        if (this.manner === "foreign") socket.write("220 mail.example.test ESMTP\r\n");
        if (this.manner === "open") this.protocol.injectSocket(socket);
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
