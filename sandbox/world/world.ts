import type { Socket } from "node:net";
import type { Container } from "../container/container";
import type { Ground } from "./ground";
import { Host } from "./host";

const DOMAIN = "example.test";

/** The hosts and the name table through which alone the site reaches them. */
export class World {
    private readonly hosts = new Map<string, Host>();

    constructor(
        private readonly engineKey: string,
        readonly ground: Ground,
        private readonly container: (host: Host) => Container,
    ) {}

    add(name: string): Host {
        if (this.hosts.has(name)) throw new Error(`The sandbox already has a host named ${name}.`);
        const address = this.ground.address(this.hosts.size + 11);
        const listen = this.ground.place(name, address);
        const host = new Host(name, address, this.engineKey, listen, this.container, (changed) => this.show(changed));
        this.hosts.set(name, host);
        this.show(host);
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
        const named = this.hosts.get(wanted) ?? this.hosts.get(short);
        if (named) return named.switches.dns === "known" ? named : undefined;
        return this.all().find((host) => host.address === wanted);
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

    /** Makes what its machine and the site's names tell of a host agree with its switches. */
    private show(host: Host): void {
        if (!this.hosts.has(host.name)) return;
        this.ground.show(host);
        const lines = this.all().flatMap(({ name, address, switches: { dns } }) =>
            dns === "missing" ? [] : [`${dns === "known" ? address : "127.0.1.1"} ${name} ${name}.${DOMAIN}`],
        );
        this.ground.name(lines);
    }

    async stop(): Promise<void> {
        for (const { container } of this.all()) container.halt();
        await Promise.all(this.all().map((host) => host.sshd.stop()));
        await this.ground.stop();
    }
}

/** Names that the v4 server refuses, since they would lead back to itself. */
export function leadsToItself(hostname: string): boolean {
    return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|::1|169\.254\.\d+\.\d+|fe80:.*)$/i.test(hostname);
}
