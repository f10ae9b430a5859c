import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { SiteClock } from "../clock";
import type { Database } from "../database";
import type { RethinkdbUser } from "../options";
import { Connection } from "./connection";
import { type Secret, secretOf } from "./scram";
import { Session } from "./session";

interface Site {
    database: Database;
    clock: SiteClock;
}

/** The site's database as drivers see it, and the ways in which it can go wrong. */
export interface SandboxRethinkdb {
    readonly host: string;
    readonly port: number;
    /** Connections that are open now. */
    readonly connections: number;
    /** Feeds that are open now. */
    readonly feeds: number;
    /** Connections since the start. */
    readonly accepted: number;
    /** Cuts every connection, as a restart of the server or a lost network does. */
    drop(): void;
    /** Nothing listens any more; what is open is cut. */
    close(): Promise<void>;
    reopen(): Promise<void>;
    /** Reads and answers nothing, and refuses nothing, until `thaw`. */
    freeze(): void;
    thaw(): void;
}

export class RethinkdbServer implements SandboxRethinkdb {
    readonly host = "127.0.0.1";
    port = 0;
    accepted = 0;
    private server: Server | undefined;
    private frozen = false;
    private readonly open = new Map<Socket, Connection>();
    private readonly users: Map<string, RethinkdbUser & { secret: Secret }>;

    constructor(
        private readonly site: Site,
        users: Record<string, RethinkdbUser>,
        private readonly certificate: { key: string; cert: string } | undefined,
    ) {
        this.users = new Map(
            Object.entries<RethinkdbUser>({ admin: {}, ...users }).map(([name, user]) => [
                name,
                { ...user, secret: secretOf(user.password ?? "") },
            ]),
        );
    }

    get connections(): number {
        return this.open.size;
    }

    get feeds(): number {
        return [...this.open.values()].reduce((sum, { session }) => sum + (session?.feeds ?? 0), 0);
    }

    async listen(port: number): Promise<void> {
        const accept = (socket: Socket): void => this.accept(socket);
        const server = this.certificate ? createTlsServer(this.certificate, accept) : createServer(accept);
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(port, this.host, resolve);
        });
        this.server = server;
        this.port = (server.address() as AddressInfo).port;
    }

    drop(): void {
        for (const socket of this.open.keys()) socket.destroy();
    }

    async close(): Promise<void> {
        const { server } = this;
        if (!server) return;
        this.server = undefined;
        const closed = new Promise((resolve) => server.close(resolve));
        this.drop();
        await closed;
    }

    reopen(): Promise<void> {
        return this.server ? Promise.resolve() : this.listen(this.port);
    }

    freeze(): void {
        this.frozen = true;
        for (const socket of this.open.keys()) hold(socket);
    }

    thaw(): void {
        this.frozen = false;
        for (const socket of this.open.keys()) {
            socket.uncork();
            socket.resume();
        }
    }

    private accept(socket: Socket): void {
        this.accepted += 1;
        socket.setNoDelay(true);
        const connection = new Connection(
            socket,
            (name) => this.users.get(name)?.secret,
            (name, send) => {
                const { read = true, write = true } = this.users.get(name) ?? {};
                return new Session(this.site.database, this.site.clock, { name, read, write }, send);
            },
        );
        this.open.set(socket, connection);
        socket.once("close", () => this.open.delete(socket));
        if (this.frozen) hold(socket);
    }
}

function hold(socket: Socket): void {
    socket.pause();
    socket.cork();
}
