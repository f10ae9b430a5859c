import { connect, type Socket } from "node:net";
import { Host } from "./host";

/** The port of a hypervisor's sshd; nothing else listens on the virtual hosts. */
const SSH_PORT = "2022";
const DOMAIN = "example.test";

/** The hosts and the name table through which alone the site reaches them. */
export class World {
    private readonly hosts = new Map<string, Host>();

    constructor(private readonly engineKey: string) {}

    add(name: string): Host {
        if (this.hosts.has(name)) throw new Error(`The sandbox already has a host named ${name}.`);
        const number = this.hosts.size + 11;
        const address = `10.42.${Math.floor(number / 250)}.${number % 250}`;
        const host = new Host(name, address, this.engineKey);
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
        const real = port === SSH_PORT ? await host.sshd.port() : undefined;
        if (real === undefined) throw new Error(`connect ECONNREFUSED ${host.address}:${port}`);
        return await new Promise((resolve, reject) => {
            const socket = connect({ host: "127.0.0.1", port: real, noDelay: true });
            socket.once("connect", () => resolve(socket));
            socket.once("error", reject);
        });
    }

    async stop(): Promise<void> {
        await Promise.all(this.all().map((host) => host.sshd.stop()));
    }
}

/** Names that the v4 server refuses, since they would lead back to itself. */
export function leadsToItself(hostname: string): boolean {
    return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|::1|169\.254\.\d+\.\d+|fe80:.*)$/i.test(hostname);
}
