import type { Socket } from "node:net";
import { mustRun } from "./command";
import { Dialer } from "./dialer";
import { type Behind, Machine, type MachineOptions } from "./machine";
import { IDLE } from "./root";
import { Namespaces } from "./namespaces";

/** Where the disks of a network's machines lie; empty and untouched outside of its namespaces. */
const DISKS = "/mnt";
const WIRE = "10.77.0.1";

export interface NetworkOptions {
    /** A folder with a whole Debian for the machines, or with packages that they have besides those of this one. */
    packages?: string;
}

/**
 * A network of machines that are Linux namespaces, joined by a bridge in a namespace of its own.
 * Nothing of it is in this machine's own network or files, and all of it ends with this process.
 */
export class Network {
    private readonly machines = new Set<Machine>();
    private queue: Promise<unknown> = Promise.resolve();
    private last = 10;

    private constructor(
        private readonly options: NetworkOptions,
        private readonly wire: Namespaces,
        private readonly dialer: Dialer,
    ) {}

    static async start(options: NetworkOptions = {}): Promise<Network> {
        const wire = await Namespaces.start(
            `set -e; mount -t tmpfs -o mode=755 disks ${DISKS}; echo 1 >/proc/sys/net/ipv4/ip_forward`,
            IDLE,
        );
        try {
            return new Network(options, wire, await Dialer.start(wire));
        } catch (error) {
            await wire.stop();
            throw error;
        }
    }

    /** Starts a machine with an address on the network, or on a network of its own behind another machine. */
    async machine(name: string, options: MachineOptions = {}): Promise<Machine> {
        const number = ++this.last;
        const address =
            options.behind?.address ?? options.address ?? `10.77.${Math.floor(number / 250)}.${number % 250}`;
        const machine = new Machine(name, address, options, {
            packages: this.options.packages,
            disk: `${DISKS}/${number}`,
            wire: this.wire,
            attach: (namespaces) =>
                options.behind
                    ? this.attachBehind(namespaces, options.behind, number)
                    : this.attach(namespaces, address, number),
            dial: (port, timeoutMs) => this.dial(address, port, timeoutMs),
        });
        this.machines.add(machine);
        await machine.boot();
        return machine;
    }

    /** A connection from the network's own address, where an operator's machine would be. */
    async dial(address: string, port: number, timeoutMs?: number): Promise<Socket> {
        return await this.dialer.dial(address, port, timeoutMs);
    }

    /** Runs a script in the network's own namespace, with the programs of a machine. */
    async onWire(machine: Namespaces, script: string): Promise<string> {
        const kinds = [`--mount=/proc/${machine.pid}/ns/mnt`, `--net=/proc/${this.wire.pid}/ns/net`];
        return await mustRun(["nsenter", ...kinds, "--", "sh", "-ec", script]);
    }

    async stop(): Promise<void> {
        await Promise.all([...this.machines].map((machine) => machine.stop()));
        await this.dialer.stop();
        await this.wire.stop();
    }

    private async attach(namespaces: Namespaces, address: string, number: number): Promise<void> {
        const link = `
            ip link show bridge >/dev/null 2>&1 || {
                ip link set lo up
                ip link add bridge type bridge
                ip addr add ${WIRE}/16 dev bridge
                ip link set bridge up
            }
            ip link add port${number} type veth peer name eth0 address ${mac(number)} netns ${namespaces.pid}
            ip link set port${number} master bridge up`;
        await this.inTurn(() => this.onWire(namespaces, link));
        await give(namespaces, `${address}/16`, WIRE);
    }

    private async attachBehind(namespaces: Namespaces, behind: Behind, number: number): Promise<void> {
        const { machine, bridge, gateway, address, routed } = behind;
        const link = `
            ip link show ${bridge} >/dev/null 2>&1 || {
                ip link add ${bridge} type bridge
                ip addr add ${gateway}/24 dev ${bridge}
                ip link set ${bridge} up
                echo 1 >/proc/sys/net/ipv4/ip_forward
            }
            ip link add port${number} type veth peer name eth0 address ${mac(number)} netns ${namespaces.pid}
            ip link set port${number} master ${bridge} up`;
        await this.inTurn(async () => {
            await mustRun([...machine.namespaces.entering("mnt", "net"), "sh", "-ec", link]);
            const route = `ip route replace ${address}/32 via ${machine.address}`;
            if (routed) await this.onWire(machine.namespaces, route);
        });
        await give(namespaces, `${address}/24`, gateway);
    }

    /** One after the other: the first one makes the bridge. */
    private async inTurn(work: () => Promise<unknown>): Promise<void> {
        const done = this.queue.then(work);
        this.queue = done.catch(() => undefined);
        await done;
    }
}

/** The same at each boot, as a real card's: the others remember it. */
const mac = (number: number): string => `02:00:00:00:00:${number.toString(16).padStart(2, "0")}`;

async function give(namespaces: Namespaces, address: string, gateway: string): Promise<void> {
    const script = `ip addr add ${address} dev eth0; ip link set eth0 up; ip route add default via ${gateway}`;
    await mustRun([...namespaces.entering("mnt", "net"), "sh", "-ec", script]);
}
