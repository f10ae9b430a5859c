import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Service } from "../docker/containers";
import type { World } from "../world/world";
import { hostnames } from "./settings";
import { join, refuse } from "./stream";

type Range = readonly [first: number, last: number];
const numberOf = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const ADDRESS = /^\d+(\.\d+){3}$/;

/**
 * isard-squid, the way of SPICE: HTTP CONNECT to hosts of its list. It resolves the list once, at its start; one name
 * without an address ends it for all. It lets through every port of a listed host.
 */
export class Squid {
    private allowed: readonly Range[] | undefined;
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
        const number = numberOf(address);
        if (!this.allowed.some(([first, last]) => first <= number && number <= last))
            return refuse(client, "403 Forbidden");
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
        const ranges = names.map((name) => this.rangeOf(name));
        const bad = names[ranges.indexOf(undefined)];
        if (bad === undefined) {
            this.allowed = ranges.filter((range) => range !== undefined);
            this.lines.push("Accepting HTTP Socket connections at conn3 local=[::]:8080");
            return;
        }
        this.lines.push(
            `FATAL: Bungled /etc/squid/conf.d/isard.conf line 4: acl SPICE_HOSTS dst ${names.join(" ")}`,
            `Bad host/IP: '${bad}'`,
        );
    }

    /** An entry of an acl of type dst: a name, an address, a network by length or mask, or a range. */
    private rangeOf(entry: string): Range | undefined {
        const [, first = "", last, mask] = /^(\d+(?:\.\d+){3})(?:-(\d+(?:\.\d+){3}))?(?:\/(\S+))?$/.exec(entry) ?? [];
        if (first === "") {
            const address = this.addressOf(entry);
            return address === undefined ? undefined : [numberOf(address), numberOf(address)];
        }
        const size = mask === undefined ? 1 : ADDRESS.test(mask) ? 2 ** 32 - numberOf(mask) : 2 ** (32 - Number(mask));
        if (!Number.isInteger(size)) return undefined;
        const floor = (address: string): number => Math.floor(numberOf(address) / size) * size;
        return [floor(first), floor(last ?? first) + size - 1];
    }

    private addressOf(name: string): string | undefined {
        return ADDRESS.test(name) ? name : this.world.resolve(name)?.address;
    }
}
