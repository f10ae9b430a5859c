import type { Socket } from "node:net";
import type { Ground } from "./ground";
import { Host } from "./host";

const DOMAIN = "example.test";

/** The hosts and the name table through which alone the site reaches them. */
export class World {
    private readonly hosts = new Map<string, Host>();

    constructor(
        private readonly engineKey: string,
        readonly ground: Ground,
    ) {}

    add(name: string): Host {
        if (this.hosts.has(name)) throw new Error(`The sandbox already has a host named ${name}.`);
        const address = this.ground.address(this.hosts.size + 11);
        const host = new Host(name, address, this.engineKey, this.ground.place(name, address));
        this.hosts.set(name, host);
        return host;
    }

    host(name: string): Host {
        const host = this.hosts.get(name);
        if (!host)
            throw new Error(`The sandbox has no host named ${name}; it has ${[...this.hosts.keys()].join(", ")}.`);
        return host;
    }

    all(): Host[] {
        return [...this.hosts.values()];
    }

    resolve(hostname: string): Host | undefined {
        const wanted = hostname.toLowerCase();
        const short = wanted.endsWith(`.${DOMAIN}`) ? wanted.slice(0, -DOMAIN.length - 1) : wanted;
        return this.hosts.get(wanted) ?? this.hosts.get(short) ?? this.all().find((host) => host.address === wanted);
    }

    /** Opens a connection as a machine on the hosts' network would. */
    async dial(hostname: string, port: string): Promise<Socket> {
        const host = this.resolve(hostname);
        if (!host) throw new Error(`getaddrinfo ENOTFOUND ${hostname}`);
        return await this.ground.dial(host, Number(port));
    }

    /** Until every host can be reached. */
    async ready(): Promise<void> {
        await Promise.all(this.all().map((host) => host.sshd.listening));
    }

    async stop(): Promise<void> {
        await Promise.all(this.all().map((host) => host.sshd.stop()));
        await this.ground.stop();
    }
}

/** Names that the v4 server refuses, since they would lead back to itself. */
export function leadsToItself(hostname: string): boolean {
    return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|::1|169\.254\.\d+\.\d+|fe80:.*)$/i.test(hostname);
}
