import type { Socket } from "node:net";
import type { ConnectionArgs } from "../../provider/connection";
import { listenInside } from "../machine/listener";
import { Network } from "../machine/network";
import type { Ground, Listen } from "./ground";
import { HYPERVISOR_SSH, type Host } from "./host";
import { HostMachine, ServerMachine } from "./machine";

/** As long as the engine's own probe waits. */
const PATIENCE_MS = 4_000;

/** Hosts that are Linux machines: a hypervisor is reached through what its host forwards, and no other way. */
export class Machines implements Ground {
    private readonly hosts = new Map<string, Promise<HostMachine>>();
    private readonly ready: Record<string, ConnectionArgs> = {};

    private constructor(
        private readonly network: Network,
        private readonly server: ServerMachine,
    ) {
        this.ready["server"] = server.connection;
    }

    /** With a folder of unpacked packages for what this machine lacks. */
    static async start(packages: string | undefined): Promise<Machines> {
        const network = await Network.start(packages === undefined ? {} : { packages });
        try {
            return new Machines(network, await ServerMachine.start(network, address(1)));
        } catch (error) {
            await network.stop();
            throw error;
        }
    }

    address(number: number): string {
        return address(number);
    }

    place(name: string, at: string): Listen {
        const host = HostMachine.start(this.network, name, at).then((started) => {
            this.ready[name] = started.connection(this.server);
            return started;
        });
        this.hosts.set(name, host);
        return async () => await listenInside((await host).hypervisor.namespaces, HYPERVISOR_SSH);
    }

    async dial(host: Host, port: number): Promise<Socket> {
        // whether it listens is for the packet to find out
        await host.sshd.server();
        return await this.server.machine.dial(host.address, port, PATIENCE_MS);
    }

    connections(): Record<string, ConnectionArgs> {
        return { ...this.ready };
    }

    async stop(): Promise<void> {
        // one that still boots would be missed
        await Promise.allSettled(this.hosts.values());
        await this.network.stop();
    }
}

/** Past those that the network itself gives away. */
const address = (number: number): string => `10.77.${100 + Math.floor(number / 250)}.${number % 250}`;
