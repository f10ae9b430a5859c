import { asObject } from "../is-object";
import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import type { ConnectionArgs } from "../connection";
import type { Opened } from "./dial/handshake";
import { Dropped, startShell } from "./shell/start";
import { Shell } from "./shell/shell";
import { Shells } from "./shell/shells";

/** How long an unused connection is kept, so that a forgotten one ends a process soon. */
const IDLE_MS = 60_000;

/** One established SSH connection with its shells. */
export class Link {
    alive = true;
    readonly shells: Shells;
    readonly closed: Promise<void>;
    /** What the host said at the login. */
    readonly banner: string;
    private readonly client: Client;
    private users = 0;
    private idle: NodeJS.Timeout | undefined;

    constructor({ client, banner }: Opened, connection: ConnectionArgs) {
        this.client = client;
        this.banner = banner;
        this.shells = new Shells(async () => new Shell(await startShell(client, connection)));
        this.closed = new Promise((resolve) => {
            client.once("close", () => {
                this.alive = false;
                clearTimeout(this.idle);
                this.shells.drop();
                resolve();
            });
        });
    }

    /** Keeps the connection from being closed as unused; the result ends that. */
    use(): () => void {
        clearTimeout(this.idle);
        this.users += 1;
        let used = true;
        return () => {
            if (!used) return;
            used = false;
            this.users -= 1;
            if (this.users === 0 && this.alive) this.idle = setTimeout(() => void this.end(), IDLE_MS);
        };
    }

    /** A stream from the host to an address. */
    forward(host: string, port: number): Promise<Duplex> {
        const done = this.use();
        const opening = new Promise<Duplex>((resolve, reject) => {
            // throws where the connection has just gone
            this.client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
                if (!error) return resolve(channel.once("close", done));
                const { reason } = asObject(error);
                reject(reason === undefined ? new Dropped(error.message) : error);
            });
        });
        return opening.catch((error: Error) => {
            done();
            throw error.message === "Not connected" ? new Dropped(error.message) : error;
        });
    }

    /** Ends it in order; a host that does not answer is left alone after two seconds. */
    async end(): Promise<void> {
        this.alive = false;
        this.client.end();
        const timer = setTimeout(() => this.client.destroy(), 2000);
        await this.closed;
        clearTimeout(timer);
    }
}
