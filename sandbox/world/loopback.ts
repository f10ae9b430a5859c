import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { ConnectionArgs } from "../../provider/connection";
import type { Ground, Listen } from "./ground";
import { HYPERVISOR_SSH, type Host } from "./host";

/** Hosts inside this process: nothing of them but an sshd on a loopback port, and no way to log in. */
export class Loopback implements Ground {
    address(number: number): string {
        return `10.42.${Math.floor(number / 250)}.${number % 250}`;
    }

    place(): Listen {
        return async () => {
            const server = createServer().listen(0, "127.0.0.1");
            await once(server, "listening");
            return server;
        };
    }

    async dial(host: Host, port: number): Promise<Socket> {
        const server = port === HYPERVISOR_SSH ? await host.sshd.server() : undefined;
        if (server === undefined) throw new Error(`connect ECONNREFUSED ${host.address}:${port}`);
        const socket = connect({ host: "127.0.0.1", port: (server.address() as AddressInfo).port, noDelay: true });
        await once(socket, "connect");
        return socket;
    }

    show(): void {
        // nobody can look at it
    }

    name(): void {
        // nor ask it
    }

    database(): Promise<void> {
        return Promise.resolve();
    }

    checkout(): Promise<void> {
        return Promise.resolve();
    }

    equip(): void {
        // nor type there
    }

    connections(): Record<string, ConnectionArgs> {
        return {};
    }

    stop(): Promise<void> {
        return Promise.resolve();
    }
}
