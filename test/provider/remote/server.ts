import { spawn } from "node:child_process";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { Writable } from "node:stream";
import { type AuthContext, type Connection, Server, type ServerChannel, utils } from "ssh2";
import type { ConnectionArgs } from "../../../provider/connection";

export interface KeyPair {
    private: string;
    public: string;
}

export function newKey(): KeyPair {
    for (;;) {
        const pair = utils.generateKeyPairSync("ed25519");
        // about one in a hundred pairs that ssh2 writes is malformed
        if (![pair.private, pair.public].some((text) => utils.parseKey(text) instanceof Error)) return pair;
    }
}

export interface ServerOptions {
    hostKeys?: string[];
    password?: string;
    authorized?: string;
    /** Sessions that may be open at once on one connection. */
    maxSessions?: number;
    /** Whether it opens streams to other addresses. */
    forwards?: boolean;
    /** Never says whether it opens a stream to another address. */
    isSilent?: boolean;
    /** Milliseconds before a login is answered. */
    loginDelay?: number;
    /** Environment of what is run, beside this process's own. */
    environment?: NodeJS.ProcessEnv;
    /** Told of each command line instead of running it. */
    onExec?: (command: string, channel: ServerChannel) => void;
}

/** An SSH server in this process, whose sessions run real shells. */
export class TestServer {
    connections = 0;
    sessions = 0;
    refusedSessions = 0;
    logins: string[] = [];
    readonly commands: string[] = [];
    readonly hostKey: KeyPair;
    readonly clientKey = newKey();
    options: ServerOptions;
    private readonly sockets = new Set<Socket>();
    private readonly listener = createServer({ noDelay: true }, (socket) => this.accept(socket));
    private protocol: Server;

    private constructor(options: ServerOptions) {
        this.options = options;
        this.hostKey = newKey();
        this.protocol = this.newProtocol(options.hostKeys ?? [this.hostKey.private]);
    }

    static async start(options: ServerOptions = {}): Promise<TestServer> {
        const server = new TestServer(options);
        await new Promise<void>((resolve) => server.listener.listen(0, "127.0.0.1", resolve));
        return server;
    }

    get port(): number {
        return (this.listener.address() as AddressInfo).port;
    }

    /** How it is reached with everything right. */
    get connection(): ConnectionArgs {
        return {
            host: "127.0.0.1",
            port: this.port,
            privateKey: this.clientKey.private,
            hostKey: this.hostKey.public,
            dialErrorLimit: 3,
            perDialTimeout: 10,
        };
    }

    changeHostKey(): KeyPair {
        const key = newKey();
        this.protocol = this.newProtocol([key.private]);
        return key;
    }

    dropAll(): void {
        for (const socket of this.sockets) socket.destroy();
    }

    async stop(): Promise<void> {
        this.dropAll();
        await new Promise((resolve) => this.listener.close(resolve));
    }

    private newProtocol(hostKeys: string[]): Server {
        return new Server({ hostKeys }, (client) => this.serve(client));
    }

    private accept(socket: Socket): void {
        this.connections += 1;
        this.sockets.add(socket);
        socket.on("error", () => undefined);
        socket.once("close", () => this.sockets.delete(socket));
        this.protocol.injectSocket(socket);
    }

    private serve(client: Connection): void {
        let open = 0;
        client.on("error", () => undefined);
        client.on("authentication", (context) => {
            this.logins.push(context.method);
            setTimeout(() => this.answerLogin(context), this.options.loginDelay ?? 0);
        });
        client.on("session", (accept, reject) => {
            if (open >= (this.options.maxSessions ?? 10)) {
                this.refusedSessions += 1;
                return reject();
            }
            open += 1;
            this.sessions += 1;
            const session = accept();
            session.on("exec", (acceptExec, _reject, { command }) => {
                this.commands.push(command);
                const channel = acceptExec();
                channel.once("close", () => (open -= 1));
                if (this.options.onExec) this.options.onExec(command, channel);
                else runShell(command, channel, this.options.environment);
            });
        });
        client.on("tcpip", (accept, reject, { destIP, destPort }) => {
            if (this.options.isSilent) return;
            if (!this.options.forwards) return reject();
            const target = connect({ host: destIP, port: destPort, noDelay: true });
            target.once("error", () => reject());
            target.once("connect", () => {
                const channel = accept();
                channel.on("error", () => undefined);
                target.on("error", () => undefined);
                target.pipe(channel).pipe(target);
                channel.once("close", () => target.destroy());
            });
        });
    }

    private answerLogin(context: AuthContext): void {
        const methods: AuthContext["method"][] = [
            ...(this.options.authorized === "" ? [] : (["publickey"] as const)),
            ...(this.options.password === undefined ? [] : (["password"] as const)),
        ];
        if (context.method === "password" && context.password === this.options.password) return context.accept();
        if (context.method === "publickey") {
            const key = utils.parseKey(this.options.authorized ?? this.clientKey.public);
            if (!(key instanceof Error) && key.getPublicSSH().equals(context.key.data)) {
                const { signature, blob, hashAlgo } = context;
                if (!signature || !blob || key.verify(blob, signature, hashAlgo) === true) return context.accept();
            }
        }
        context.reject(methods);
    }
}

function runShell(command: string, channel: ServerChannel, environment: NodeJS.ProcessEnv = {}): void {
    const env = { ...process.env, ...environment };
    const shell = spawn("sh", ["-c", command], { stdio: "pipe", detached: true, env });
    channel.pipe(shell.stdin);
    shell.stdin.on("error", () => undefined);
    channel.on("error", () => undefined);
    // one after the other: of two that wait for the client's window ssh2's server forgets the second
    let written = Promise.resolve();
    const sendTo = (stream: Writable) => (chunk: Buffer) =>
        void (written = written.then(() => new Promise((resolve) => stream.write(chunk, () => resolve()))));
    shell.stdout.on("data", sendTo(channel));
    shell.stderr.on("data", sendTo(channel.stderr));
    shell.once("exit", (code) => {
        const leave = (): void => {
            channel.exit(code ?? 255);
            channel.end();
        };
        void written.then(leave);
    });
    channel.once("close", () => shell.stdin.destroy());
}
