import { IsardvdiError } from "../provider/errors";
import { type ContainerName, containerAddresses, defaultDockerNet } from "./container-addresses";

/** The ports that a flavour needs open, told by the manual or by what a release really uses. */
export interface Deployment {
    flavour: "hypervisor" | "hypervisor-standalone";
    vpnTunnelingMode: "wireguard+geneve" | "geneve";
    /** Whether disks are worked on at the host, over the server's queue; false by default. */
    storage?: boolean;
    /** `DOCKER_NET`, `172.31.255` by default. */
    dockerNet?: string;
    /** `WG_HYPERS_PORT`, 4443 by default. */
    wireguardPort?: number;
    /** The server's `INFRASTRUCTURE_HOST_IP`, with which Docker publishes the queue itself. */
    infrastructureHostIp?: string;
    /** `manual`: as the manual has it; `v3`: releases up to 16; `v4`: 17 and later. */
    release: "manual" | "v3" | "v4";
}

/** One forward, in the names of `PortForward`, and why it is there. */
export interface RequiredForward {
    protocol: "tcp" | "udp";
    port: number | string;
    toAddress: string;
    toPort: number | string;
    why: string;
}

/** The rules of one deployment: for the central server, and for the hypervisor's host. */
export interface RequiredForwards {
    server: RequiredForward[];
    host: RequiredForward[];
}

type Settings = Required<Omit<Deployment, "infrastructureHostIp">> & Pick<Deployment, "infrastructureHostIp">;

interface Row {
    on: keyof RequiredForwards;
    when(settings: Settings): boolean;
    protocol: "tcp" | "udp";
    port: number | string | ((settings: Settings) => number);
    to: ContainerName;
    /** Absent: the same as `port`. */
    toPort?: number;
    why: string;
}

const manual = ({ release }: Settings): boolean => release === "manual";
const real = (settings: Settings): boolean => !manual(settings);
const geneve = ({ vpnTunnelingMode }: Settings): boolean => vpnTunnelingMode === "geneve";
const standalone = ({ flavour }: Settings): boolean => flavour === "hypervisor-standalone";
const wireguardPort = (settings: Settings): number => settings.wireguardPort;

/** The whole knowledge: each row is one rule and when it is needed. */
const rows: readonly Row[] = [
    {
        on: "server",
        when: (settings) => manual(settings) && !geneve(settings),
        protocol: "udp",
        port: wireguardPort,
        to: "vpn",
        why: "The manual forwards the hypervisors' WireGuard tunnels to isard-vpn.",
    },
    {
        on: "server",
        when: (settings) => manual(settings) && geneve(settings),
        protocol: "udp",
        port: 6081,
        to: "vpn",
        why: "The manual forwards Geneve to isard-vpn.",
    },
    {
        on: "server",
        when: (settings) => manual(settings) && settings.storage,
        protocol: "tcp",
        port: 6379,
        to: "redis",
        why: "The manual opens the queue to the hosts that work on disks.",
    },
    {
        on: "server",
        when: (settings) => real(settings) && settings.storage && !settings.infrastructureHostIp,
        protocol: "tcp",
        port: 6379,
        to: "redis",
        why: "Docker publishes the queue of disk tasks only with INFRASTRUCTURE_HOST_IP.",
    },
    {
        on: "host",
        when: manual,
        protocol: "tcp",
        port: 2022,
        to: "hypervisor",
        toPort: 22,
        why: "The manual sends the engine's SSH to port 22; hypervisor images listen on 2022.",
    },
    {
        on: "host",
        when: real,
        protocol: "tcp",
        port: 2022,
        to: "hypervisor",
        why: "The engine reaches libvirt over SSH, and the images listen on 2022.",
    },
    {
        on: "host",
        when: standalone,
        protocol: "tcp",
        port: "5900-7899",
        to: "hypervisor",
        why: "A standalone hypervisor has no video proxy: the site's own reaches each desktop's screen.",
    },
    {
        on: "host",
        when: (settings) => real(settings) && geneve(settings),
        protocol: "udp",
        port: wireguardPort,
        to: "hypervisor",
        why: "Without WireGuard, Geneve comes in on WG_HYPERS_PORT (not 6081), and nothing publishes it.",
    },
];

/**
 * The forwards that a hypervisor needs, on the central server and on its own host.
 *
 * @example
 * const { host } = requiredForwards({ flavour: "hypervisor", vpnTunnelingMode: "wireguard+geneve", release: "v4" });
 * for (const { why: _, ...rule } of host) new PortForward(`h1-${rule.port}`, { connection: "h1", ...rule });
 */
export function requiredForwards(deployment: Deployment): RequiredForwards {
    const settings: Settings = {
        ...deployment,
        storage: deployment.storage ?? false,
        dockerNet: deployment.dockerNet ?? defaultDockerNet,
        wireguardPort: deployment.wireguardPort ?? 4443,
    };
    assertKnown(settings);
    const addresses = containerAddresses(settings.dockerNet);
    const on = (side: keyof RequiredForwards): RequiredForward[] =>
        rows
            .filter((row) => row.on === side && row.when(settings))
            .map(({ protocol, port, to, toPort, why }) => {
                const own = typeof port === "function" ? port(settings) : port;
                return { protocol, port: own, toAddress: addresses[to], toPort: toPort ?? own, why };
            });
    return { server: on("server"), host: on("host") };
}

const known: { [key in keyof Settings]?: readonly unknown[] } = {
    flavour: ["hypervisor", "hypervisor-standalone"],
    vpnTunnelingMode: ["wireguard+geneve", "geneve"],
    release: ["manual", "v3", "v4"],
};

/** A program in JavaScript is told of a mistake as well: no row would match, and no port would be opened. */
function assertKnown(settings: Settings): void {
    for (const [name, values] of Object.entries(known)) {
        const value = settings[name as keyof Settings];
        if (!values.includes(value)) throw bad(name, value, `Use one of ${values.join(", ")}.`);
    }
    const { wireguardPort: port } = settings;
    if (!Number.isInteger(port) || port < 1 || port > 65535)
        throw bad("wireguardPort", port, "Give a port, as WG_HYPERS_PORT has it.");
}

const bad = (property: string, value: unknown, advice: string): IsardvdiError =>
    new IsardvdiError({
        code: "bad-input",
        action: "tell",
        resource: "the required forwards",
        seen: `${property} is ${JSON.stringify(value)}`,
        advice,
        property,
    });
