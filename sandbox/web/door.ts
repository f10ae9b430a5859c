import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { SiteClock } from "../clock";
import { formFields, type Answer, type ApiRequest } from "./exchange";
import { faultAnswer, Faults } from "./faults";

export interface LoggedRequest {
    method: string;
    path: string;
    body: unknown;
    /** 0 when the connection was dropped. */
    status: number;
    at: number;
}

export type Dispatch = (request: ApiRequest) => Promise<Answer>;

/** Whom the portal hands viewers over to. */
export interface Viewers {
    connect(request: IncomingMessage, client: Duplex): Promise<void>;
    upgrade(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void>;
}

/** The portal's listener: reads requests, lets faults strike, answers and keeps the record. */
export class Door {
    readonly faults = new Faults();
    readonly requests: LoggedRequest[] = [];
    private readonly server: Server;
    private readonly viewers = new Set<Duplex>();

    constructor(
        private readonly dispatch: Dispatch,
        private readonly clock: SiteClock,
        certificate: { key: string; cert: string } | undefined,
        viewers: Viewers,
    ) {
        const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
            void this.serve(incoming, outgoing).catch(() => outgoing.destroy());
        this.server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
        this.server.on("connection", (socket) => socket.setNoDelay(true));
        this.server.on("connect", (request: IncomingMessage, client: Duplex) => {
            this.welcome(client);
            void viewers.connect(request, client);
        });
        this.server.on("upgrade", (request: IncomingMessage, client: Duplex, head: Buffer) => {
            this.welcome(client);
            void viewers.upgrade(request, client, head);
        });
    }

    async listen(port: number): Promise<number> {
        await new Promise<void>((resolve, reject) => {
            this.server.once("error", reject);
            this.server.listen(port, "127.0.0.1", resolve);
        });
        return (this.server.address() as AddressInfo).port;
    }

    async stop(): Promise<void> {
        const closed = new Promise((resolve) => this.server.close(resolve));
        this.server.closeAllConnections();
        // the server knows nothing of these any more, and yet waits for them
        for (const client of this.viewers) client.destroy();
        await closed;
    }

    private welcome(client: Duplex): void {
        this.viewers.add(client);
        client.on("error", () => undefined).once("close", () => this.viewers.delete(client));
    }

    private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
        const request = await read(incoming);
        const fault = this.faults.take(`${request.method} ${incoming.url ?? "/"}`);
        const done =
            fault === undefined || fault.kind === "slow" || fault.after ? await this.dispatch(request) : undefined;
        if (fault?.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
        await fault?.until;
        const answer = (fault && faultAnswer(fault)) ?? done;
        const dropped = fault?.kind === "drop" || answer === undefined;
        this.requests.push({
            method: request.method,
            path: incoming.url ?? "/",
            body: await readable(request),
            status: dropped ? 0 : answer.status,
            at: Date.now(),
        });
        if (dropped) outgoing.destroy();
        else this.send(outgoing, answer);
    }

    private send(outgoing: ServerResponse, answer: Answer): void {
        outgoing.writeHead(answer.status, {
            ...(answer.type && { "content-type": answer.type }),
            date: new Date(this.clock.epochMs()).toUTCString(),
            "access-control-allow-origin": "*",
            ...answer.headers,
        });
        outgoing.end(answer.content);
    }
}

async function read(incoming: IncomingMessage): Promise<ApiRequest> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const url = new URL(incoming.url ?? "/", "http://sandbox");
    const headers: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(incoming.headers))
        headers[name] = Array.isArray(value) ? value[0] : value;
    return {
        method: incoming.method ?? "GET",
        path: url.pathname,
        query: url.searchParams,
        headers,
        body: Buffer.concat(chunks),
        params: {},
        claims: {},
    };
}

async function readable(request: ApiRequest): Promise<unknown> {
    if (request.body.length === 0) return undefined;
    const fields = await formFields(request);
    if (Object.keys(fields).length > 0) return fields;
    try {
        return JSON.parse(request.body.toString()) as unknown;
    } catch {
        return request.body.toString();
    }
}
