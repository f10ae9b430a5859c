import type { Duplex } from "node:stream";
import type { ConnectionArgs } from "../connection";
import { dial, type Dialling } from "./dial/dial";
import { endedAfterLogin } from "./dial/refusals";
import { askedOf, bounded, checkScript, commandFailure, streamFailure } from "./command";
import { Link } from "./link";
import { connectionName } from "./name";
import type { CommandResult, Remote, RemoteCall } from "./remote";
import { Shared, type Waiting } from "./shared";
import type { Shell } from "./shell/shell";
import { Dropped } from "./shell/start";

/** How often a connection that goes away again and again is dialled for one command. */
const REDIALS = 3;

/** One machine: its pooled connection, dialled with the first command and again when it was lost. */
export class Machine implements Remote {
    readonly name: string;
    private dialling: Shared<Link> | undefined;
    private link: Link | undefined;

    constructor(
        private readonly connection: ConnectionArgs,
        private readonly world: Pick<Dialling, "ssh" | "clock">,
        private readonly jumpHost: Machine | undefined,
    ) {
        this.name = connectionName(connection);
    }

    run(script: string, call: RemoteCall, input?: string): Promise<CommandResult> {
        return askedOf(this.connection, call, () => {
            checkScript(this.connection, script, input);
            return this.onLink(call, (link) => this.execute(link, script, call, input));
        });
    }

    runAnew(script: string, call: RemoteCall, input?: string): Promise<CommandResult> {
        return askedOf(this.connection, call, () => {
            checkScript(this.connection, script, input);
            // the limit holds for dial and command together: a way in that opens too late is none
            return bounded(this.connection, call, async (signal) => {
                const link = await this.dial({ signal, log: call.log });
                try {
                    return await this.execute(link, script, { ...call, signal }, input);
                } finally {
                    void link.end();
                }
            });
        });
    }

    connect(host: string, port: number, call: RemoteCall): Promise<Duplex> {
        return askedOf(this.connection, call, () =>
            this.onLink(call, (link) =>
                bounded(this.connection, call, (signal) => this.forward(link, host, port, signal)).catch(
                    (error: unknown) => {
                        throw streamFailure(this.connection, `${host}:${port}`, error);
                    },
                ),
            ),
        );
    }

    async close(): Promise<void> {
        const { link } = this;
        this.link = undefined;
        this.dialling?.giveUp();
        await link?.end();
    }

    /** The open connection, or a new one that all who ask meanwhile share. */
    async ready(waiting: Waiting): Promise<Link> {
        if (this.link?.alive) return this.link;
        if (!this.dialling || this.dialling.abandoned) {
            const dialling = new Shared(async (all) => {
                try {
                    return (this.link = await this.dial(all));
                } finally {
                    if (this.dialling === dialling) this.dialling = undefined;
                }
            });
            this.dialling = dialling;
        }
        return this.dialling.wait(waiting);
    }

    private async dial({ signal, log }: Waiting): Promise<Link> {
        const { jumpHost, connection } = this;
        const tunnel: Dialling["tunnel"] =
            jumpHost &&
            (async (signal, log) => {
                const hop = await jumpHost.ready({ signal, log });
                return (signal) => this.forward(hop, connection.host, connection.port ?? 22, signal);
            });
        return new Link(await dial(connection, { ...this.world, tunnel, signal, log }), connection);
    }

    /** Again on a new connection only where the old one was lost before anything was handed over. */
    private async onLink<T>(call: RemoteCall, work: (link: Link) => Promise<T>): Promise<T> {
        for (let redials = 0; ; redials++) {
            const link = await this.ready(call);
            const done = link.use();
            try {
                return await work(link);
            } catch (error) {
                if (!(error instanceof Dropped)) throw error;
                if (redials >= REDIALS) throw endedAfterLogin(this.connection, link.banner);
            } finally {
                done();
            }
        }
    }

    private async execute(link: Link, script: string, call: RemoteCall, input?: string): Promise<CommandResult> {
        let shell: Shell | undefined;
        try {
            const own = (shell = await link.shells.acquire(call.signal));
            return await bounded(this.connection, call, (signal) => {
                const execution = own.run(script, input);
                const end = (): void => execution.end();
                signal.addEventListener("abort", end, { once: true });
                return execution.result.finally(() => signal.removeEventListener("abort", end));
            });
        } catch (error) {
            throw commandFailure(this.connection, error);
        } finally {
            if (shell) link.shells.release(shell);
        }
    }

    private async forward(link: Link, host: string, port: number, signal: AbortSignal): Promise<Duplex> {
        const opening = link.forward(host, port);
        const discard = (): void =>
            void opening.then(
                (stream) => stream.destroy(),
                () => undefined,
            );
        signal.addEventListener("abort", discard, { once: true });
        return opening.finally(() => signal.removeEventListener("abort", discard));
    }
}
