import type { ConnectionArgs } from "../../provider/connection";
import { iptablesSetup } from "../machine/iptables";
import type { Machine } from "../machine/machine";
import type { Network } from "../machine/network";
import { OpenSsh } from "../machine/openssh";

const BRIDGE = "br-isard";
const NETWORK = "172.31.255";

/** What Docker leaves behind on a host of its own: isard-network gets out, and nothing gets in. */
const DOCKER = `
iptables-restore <<RULES
*filter
:INPUT ACCEPT
:FORWARD DROP
:OUTPUT ACCEPT
:DOCKER-USER -
-A FORWARD -j DOCKER-USER
-A FORWARD -o ${BRIDGE} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
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

/** The site's central server, from which the engine dials and through which an operator comes in. */
export class ServerMachine {
    private constructor(
        readonly machine: Machine,
        readonly connection: ConnectionArgs,
    ) {}

    static async start(network: Network, address: string): Promise<ServerMachine> {
        const { machine, openSsh } = await withSsh(network, "server", address, iptablesSetup("nft"));
        return new ServerMachine(machine, {
            ...openSsh.access,
            host: "127.0.0.1",
            port: await machine.relay(openSsh.access.port),
        });
    }
}

/** A host, and behind its own bridge the container that is its hypervisor. */
export class HostMachine {
    private constructor(
        private readonly machine: Machine,
        readonly hypervisor: Machine,
        private readonly openSsh: OpenSsh,
    ) {}

    static async start(network: Network, name: string, address: string): Promise<HostMachine> {
        const { machine, openSsh } = await withSsh(network, name, address, `${iptablesSetup("nft")}\n${DOCKER}`);
        const behind = { machine, bridge: BRIDGE, gateway: `${NETWORK}.1`, address: `${NETWORK}.17` };
        return new HostMachine(machine, await network.machine("isard-hypervisor", { behind }), openSsh);
    }

    /** Through the site's server, so that a packet can be sent from there to the host's own address. */
    connection(server: ServerMachine): ConnectionArgs {
        return { ...this.openSsh.access, host: this.machine.address, proxy: server.connection };
    }
}

async function withSsh(
    network: Network,
    name: string,
    address: string,
    setup: string,
): Promise<{ machine: Machine; openSsh: OpenSsh }> {
    const openSsh = new OpenSsh();
    const machine = await network.machine(name, {
        address,
        setup,
        started: async (started) => {
            await openSsh.install(started);
            await openSsh.start(started);
        },
    });
    return { machine, openSsh };
}
