import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { pipeline } from "node:stream";
import type { ConnectionArgs } from "../../provider/connection";
import { iptablesSetup } from "../machine/iptables";
import { listenInside } from "../machine/listener";
import type { Machine } from "../machine/machine";
import type { Network } from "../machine/network";
import { OpenSsh } from "../machine/openssh";
import { type Command, CONTAINER_COMMANDS, installShims } from "../machine/shims";
import type { HostSwitches } from "./host";

const BRIDGE = "br-isard";
const NETWORK = "172.31.255";
const DATABASE_PORT = 28_015;
const REDIS_PORT = 6379;
const DISPLAY_PORT = 5900;

/** What Docker leaves behind on a host of its own: isard-network gets out, and nothing gets in. */
const DOCKER = `
iptables-restore <<RULES
*filter
:INPUT ACCEPT
:FORWARD DROP
:OUTPUT ACCEPT
:DOCKER -
:DOCKER-USER -
-A FORWARD -j DOCKER-USER
-A FORWARD -o ${BRIDGE} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o ${BRIDGE} -j DOCKER
-A FORWARD -i ${BRIDGE} ! -o ${BRIDGE} -j ACCEPT
-A FORWARD -i ${BRIDGE} -o ${BRIDGE} -j ACCEPT
-A DOCKER-USER -j RETURN
COMMIT
*nat
:POSTROUTING ACCEPT
-A POSTROUTING -s ${NETWORK}.0/24 ! -o ${BRIDGE} -j MASQUERADE
COMMIT
RULES
`;

/** Files of the kernel that the sandbox writes instead; a kernel without modules has no list of them. */
const PROCESSOR = ["cpuinfo", "modules"]
    .map((name) => `: >/run/${name}; [ ! -e /proc/${name} ] || mount --bind /run/${name} /proc/${name}`)
    .join("\n");

const DOCKER_COMMAND = { "/usr/local/bin": ["docker"] };

/** Who answers what is typed on a host, once the machine is there that is its hypervisor. */
export type Answer = (hypervisor: Machine) => Command;

/** The site's central server, from which the engine dials and through which an operator comes in. */
export class ServerMachine {
    private constructor(
        readonly machine: Machine,
        readonly connection: ConnectionArgs,
    ) {}

    static async start(network: Network, address: string, answer: Command): Promise<ServerMachine> {
        const { machine, openSsh } = await withSsh(network, "server", address, `${iptablesSetup("nft")}\n${DOCKER}`);
        await redis(network, machine);
        await installShims(machine, { ...DOCKER_COMMAND, [CONTAINER_COMMANDS]: ["wg", "ovs-vsctl"] }, answer);
        return new ServerMachine(machine, {
            ...openSsh.access,
            host: "127.0.0.1",
            port: await machine.relay(openSsh.access.port),
        });
    }

    /** Gives the server a neighbour that is its database: what this machine has on a port of its loopback. */
    async database(port: number): Promise<void> {
        await this.machine.must(`ip addr replace ${NETWORK}.13/32 dev lo`);
        const inside = await listenInside(this.machine.namespaces, DATABASE_PORT);
        inside.on("connection", (near: Socket) => {
            const far = connect({ host: "127.0.0.1", port, noDelay: true });
            // either end's failure ends the other
            pipeline(near, far, () => near.destroy());
            pipeline(far, near, () => far.destroy());
        });
        this.machine.closeAtStop(inside);
    }

    name(lines: readonly string[]): void {
        const own = ["127.0.0.1 localhost", "127.0.1.1 server"];
        writeFileSync(`${this.machine.root}/etc/hosts`, `${[...own, ...lines].join("\n")}\n`);
    }
}

/** A host, and behind its own bridge the container that is its hypervisor. */
export class HostMachine {
    private constructor(
        private readonly machine: Machine,
        readonly hypervisor: Machine,
        private readonly openSsh: OpenSsh,
    ) {}

    static async start(network: Network, name: string, address: string, answer: Answer): Promise<HostMachine> {
        const setup = `${iptablesSetup("nft")}\n${DOCKER}\n${PROCESSOR}`;
        const { machine, openSsh } = await withSsh(network, name, address, setup);
        const behind = { machine, bridge: BRIDGE, gateway: `${NETWORK}.1`, address: `${NETWORK}.17` };
        const hypervisor = await network.machine("isard-hypervisor", { behind });
        const inside = { [CONTAINER_COMMANDS]: ["wg", "ovs-vsctl", "virsh", "curl"] };
        const command: Command = (asked) => answer(hypervisor)(asked);
        await Promise.all([
            installShims(machine, DOCKER_COMMAND, command),
            installShims(hypervisor, inside, command),
            desktop(hypervisor),
        ]);
        return new HostMachine(machine, hypervisor, openSsh);
    }

    /** The processor, the kernel's module for it, and the clock. */
    show({ kvm, clock }: HostSwitches): void {
        const { root } = this.machine;
        const flag = { intel: "vmx", amd: "svm", none: "" }[kvm];
        writeFileSync(`${root}/run/cpuinfo`, `processor\t: 0\nflags\t\t: fpu sse2 ${flag}\n`);
        writeFileSync(`${root}/run/modules`, kvm === "none" ? "" : `kvm_${kvm} 409600 0 - Live 0x0\n`);
        if (kvm === "none") rmSync(`${root}/dev/kvm`, { force: true });
        else writeFileSync(`${root}/dev/kvm`, "");
        // no namespace has a time of day of its own
        const date = `${root}/usr/local/bin/date`;
        if (clock === 0) rmSync(date, { force: true });
        else writeFileSync(date, `#!/bin/sh\nexec /usr/bin/date -d '${clock} seconds' "$@"\n`, { mode: 0o755 });
    }

    /** Through the site's server, so that a packet can be sent from there to the host's own address. */
    connection(server: ServerMachine): ConnectionArgs {
        return { ...this.openSsh.access, host: this.machine.address, proxy: server.connection };
    }
}

/** A password is asked of whoever comes through: more than its answering, no one needs of it here. */
async function redis(network: Network, machine: Machine): Promise<void> {
    const behind = { machine, bridge: BRIDGE, gateway: `${NETWORK}.1`, address: `${NETWORK}.12` };
    const own = await network.machine("isard-redis", { behind });
    const inside = await listenInside(own.namespaces, REDIS_PORT);
    inside.on("connection", (socket: Socket) => {
        socket.on("data", () => socket.write("-NOAUTH Authentication required.\r\n")).on("error", () => undefined);
    });
    own.closeAtStop(inside);
}

/** The display of a desktop, as a viewer finds it: VNC's first words. */
async function desktop(hypervisor: Machine): Promise<void> {
    const inside = await listenInside(hypervisor.namespaces, DISPLAY_PORT);
    inside.on("connection", (socket: Socket) => {
        socket.on("error", () => undefined).write("RFB 003.008\n");
    });
    hypervisor.closeAtStop(inside);
}

async function withSsh(
    network: Network,
    name: string,
    address: string,
    setup: string,
): Promise<{ machine: Machine; openSsh: OpenSsh }> {
    const openSsh = new OpenSsh();
    // the next sandbox's host of that name is the same machine, which has lost its rules, and no foreign one
    const id = createHash("sha256").update(`sandbox ${name}`).digest("hex").slice(0, 32);
    const machine = await network.machine(name, {
        address,
        setup: `echo ${id} >/etc/machine-id\n${setup}`,
        started: async (started) => {
            await openSsh.install(started);
            await openSsh.start(started);
        },
    });
    return { machine, openSsh };
}
