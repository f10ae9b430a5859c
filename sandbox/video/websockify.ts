import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import type { Service } from "../docker/containers";
import type { World } from "../world/world";
import { hostnames, portRanges } from "./settings";
import { join, refuse } from "./stream";

/**
 * isard-websockify, the way of HTML5 viewers: a web socket at /websockify/HOST/PORT, where HOST stands in the list
 * letter by letter and PORT lies in a range.
 */
export class Websockify {
    private running = false;
    private readonly lines: string[] = [];
    private readonly server = new WebSocketServer({ noServer: true });

    constructor(
        private readonly world: World,
        private readonly environment: Readonly<Record<string, string>>,
    ) {}

    get service(): Service {
        return {
            log: () => this.lines,
            isRunning: () => this.running,
            start: () => void (this.running = true),
            stop: () => void (this.running = false),
        };
    }

    async upgrade(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
        const [, host = "", port = ""] = /^\/websockify\/([^/]+)\/(\d+)$/.exec(request.url ?? "") ?? [];
        if (!this.running) return refuse(client, "503 Service Unavailable");
        if (!this.allows(host, Number(port))) {
            this.lines.push(`forbidden: ${host}:${port}`);
            return refuse(client, "403 Forbidden");
        }
        try {
            const far = await this.world.dial(host, port);
            this.server.handleUpgrade(request, client, head, (socket) => {
                join(createWebSocketStream(socket), far);
            });
        } catch {
            refuse(client, "502 Bad Gateway");
        }
    }

    private allows(host: string, port: number): boolean {
        const inRange = portRanges(this.environment).some(([from, to]) => port >= from && port <= to);
        return inRange && hostnames(this.environment).includes(host);
    }
}
