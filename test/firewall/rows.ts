import type { Forward } from "../../provider/firewall";
import { type Deployment, type RequiredForward, requiredForwards } from "../../sdk";

const all = { flavour: "hypervisor-standalone", storage: true } as const;

/** Deployments that need every row of the table between them, each with the machine that has the rows. */
export const deployments: Record<string, [Deployment, "host" | "server"]> = {
    "a host of a geneve site": [{ ...all, vpnTunnelingMode: "geneve", release: "v4" }, "host"],
    "a server": [{ ...all, vpnTunnelingMode: "wireguard+geneve", release: "v4" }, "server"],
    "a host by the manual": [{ ...all, vpnTunnelingMode: "wireguard+geneve", release: "manual" }, "host"],
    "a server by the manual": [{ ...all, vpnTunnelingMode: "wireguard+geneve", release: "manual" }, "server"],
    "a server by the manual, geneve": [{ ...all, vpnTunnelingMode: "geneve", release: "manual" }, "server"],
};

export const rowsOf = ([deployment, side]: [Deployment, "host" | "server"]): RequiredForward[] =>
    requiredForwards(deployment)[side];

/** One row as the firewall takes it. */
export function forwardOf({ protocol, port, toAddress, toPort }: RequiredForward): Forward {
    const [from = 0, to = from] = String(port).split("-").map(Number);
    return { protocol, from, to, toAddress, toPort: typeof toPort === "number" ? toPort : undefined, persist: true };
}

/** First, middle and last. */
export const portsOf = ({ from, to }: Forward): number[] => [...new Set([from, Math.floor((from + to) / 2), to])];

/** What the services of the lab's containers say. */
export function saidBy({ protocol }: Forward, port: number): RegExp {
    if (protocol === "udp") return /^hello$/;
    if (port === 2022) return /^SSH-/;
    return port === 6379 ? /^(\+PONG|6379)$/ : new RegExp(`^${port}$`);
}
