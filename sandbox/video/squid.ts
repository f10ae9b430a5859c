import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Service } from "../docker/containers";
import type { World } from "../world/world";
import { hostnames } from "./settings";
import { join, refuse } from "./stream";

const ADDRESS = /^\d+(\.\d+){3}$/;

/**
 * isard-squid, the way of SPICE: HTTP CONNECT to hosts of its list. It resolves the list once, at its start; one name
 * without an address ends it for all. It lets through every port of a listed host.
 */
export class Squid {
    private allowed: ReadonlySet<string> | undefined;
    private readonly lines: string[] = [];

    constructor(
        private readonly world: World,
        private readonly environment: Readonly<Record<string, string>>,
    ) {}

    get service(): Service {
        return {
            log: () => this.lines,
            isRunning: () => this.allowed !== undefined,
            start: () => this.start(),
            stop: () => void (this.allowed = undefined),
        };
    }

    /** As the site's portal hands it over. */
    async connect({ url = "" }: IncomingMessage, client: Duplex): Promise<void> {
        const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(url) ?? [];
        const address = this.addressOf(host);
        if (!this.allowed || address === undefined) return refuse(client, "503 Service Unavailable");
        if (!this.allowed.has(address)) return refuse(client, "403 Forbidden");
        try {
            const far = await this.world.dial(host, port);
            client.write("HTTP/1.1 200 Connection established\r\n\r\n");
            join(client, far);
        } catch {
            refuse(client, "503 Service Unavailable");
        }
    }

    private start(): void {
        const names = hostnames(this.environment);
        const bad = names.find((name) => this.addressOf(name) === undefined);
        if (bad === undefined) {
            this.allowed = new Set(names.map((name) => this.addressOf(name) ?? ""));
            this.lines.push("Accepting HTTP Socket connections at conn3 local=[::]:8080");
            return;
        }
        this.lines.push(
            `FATAL: Bungled /etc/squid/conf.d/isard.conf line 4: acl SPICE_HOSTS dst ${names.join(" ")}`,
            `Bad host/IP: '${bad}'`,
        );
    }

    private addressOf(name: string): string | undefined {
        return ADDRESS.test(name) ? name : this.world.resolve(name)?.address;
    }
}
