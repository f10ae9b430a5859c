import type { Socket } from "node:net";
import type { ConnectionArgs } from "../../provider/connection";
import { installCheckout } from "../checkout/checkout";
import { listenInside } from "../machine/listener";
import { Network } from "../machine/network";
import type { Command } from "../machine/shims";
import type { Desk, Ground, Listen } from "./ground";
import { HYPERVISOR_SSH, type Host } from "./host";
import { type Answer, HostMachine, ServerMachine } from "./machine";

/** As long as the engine's own probe waits. */
const PATIENCE_MS = 4_000;

/** Hosts that are Linux machines: a hypervisor is reached through what its host forwards, and no other way. */
export class Machines implements Ground {
    private readonly hosts = new Map<string, Promise<HostMachine>>();
    private readonly ready: Record<string, ConnectionArgs> = {};
    private desk: Desk | undefined;

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
            const asked: Command = (command) =>
                machines.answer("server", (desk) => desk.server(server.machine))(command);
            const server = await ServerMachine.start(network, address(1), asked);
            const machines = new Machines(network, server);
            return machines;
        } catch (error) {
            await network.stop();
            throw error;
        }
    }

    address(number: number): string {
        return address(number);
    }

    place(name: string, at: string): Listen {
        const answer: Answer = (hypervisor) => this.answer(name, (desk) => desk.host(name, hypervisor));
        const host = HostMachine.start(this.network, name, at, answer).then((started) => {
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

    show(host: Host): void {
        // one that cannot be started has told so already
        this.hosts.get(host.name)?.then(
            (machine) => machine.show(host.switches),
            () => undefined,
        );
    }

    name(lines: readonly string[]): void {
        this.server.name(lines);
    }

    async database(port: number): Promise<void> {
        await this.server.database(port);
    }

    async checkout(cfg: string): Promise<void> {
        await installCheckout(this.server.machine, cfg);
    }

    equip(desk: Desk): void {
        this.desk = desk;
    }

    connections(): Record<string, ConnectionArgs> {
        return { ...this.ready };
    }

    private readonly commands = new Map<string, Command>();

    /** Made once for each machine: it keeps what happened there. */
    private answer(name: string, make: (desk: Desk) => Command): Command {
        if (!this.desk) throw new Error("The site does not run yet.");
        const command = this.commands.get(name) ?? make(this.desk);
        this.commands.set(name, command);
        return command;
    }

    async stop(): Promise<void> {
        // one that still boots would be missed
        await Promise.allSettled(this.hosts.values());
        await this.network.stop();
    }
}

/** Past those that the network itself gives away. */
const address = (number: number): string => `10.77.${100 + Math.floor(number / 250)}.${number % 250}`;
