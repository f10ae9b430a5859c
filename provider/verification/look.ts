import type { Forward } from "../firewall/firewall";
import type { Remote, RemoteCall } from "../remote/remote";
import { flowsOf } from "./flows";
import { lookAt, type Sight } from "./sight";
import type { Vantage } from "./vantages";

/** What is looked at, and from where. */
export interface Subject {
    forward: Forward;
    remote: Remote;
    vantages: readonly Vantage[];
}

export interface Outside {
    vantage: string;
    port: number;
    sight: Sight;
}

/** Everything that one round of packets showed. */
export interface Evidence {
    outside: Outside[];
    /** The target as the host itself sees it, by port; tcp only. */
    inside: Map<number, Sight>;
    /** Another port on which the target speaks, although it refuses its own. */
    instead: { port: number; said: string | undefined } | undefined;
    /** Flows that went on to the target meanwhile, past every filter; undefined where the host cannot tell. */
    flows: number | undefined;
}

/** The manual sends SSH to 22, hypervisor images listen on 2022. */
const alternatives: Record<number, number> = { 22: 2022, 2022: 22 };

/** First, middle and last port; a single one is all three. */
export const probed = ({ from, to }: Forward): number[] => [...new Set([from, Math.floor((from + to) / 2), to])];

const targetPort = (port: number, { toPort }: Forward): number => toPort ?? port;

/** One round: every port from every vantage and from the host itself, at once. */
export async function look(subject: Subject, call: RemoteCall): Promise<Evidence> {
    const { forward, remote, vantages } = subject;
    const ports = probed(forward);
    const counts = vantages.length > 0 && (forward.protocol === "udp" || ports.length > 1);
    const before = counts ? await flowsOf(remote, forward, call) : undefined;
    const [outside, inside] = await Promise.all([
        Promise.all(
            vantages.flatMap((vantage) =>
                ports.map(async (port) => ({
                    vantage: vantage.name,
                    port,
                    sight: await vantage.look[forward.protocol](port, call),
                })),
            ),
        ),
        forward.protocol === "tcp" ? lookInside(subject, ports, call) : new Map<number, Sight>(),
    ]);
    const after = before === undefined ? undefined : await flowsOf(remote, forward, call);
    return {
        outside,
        inside,
        instead: await otherPort(subject, inside, call),
        flows: before && after && [...after].filter((flow) => !before.has(flow)).length,
    };
}

async function lookInside(
    { forward, remote }: Subject,
    ports: number[],
    call: RemoteCall,
): Promise<Map<number, Sight>> {
    const sights = ports.map(async (port): Promise<[number, Sight]> => [port, await seen(port)]);
    return new Map(await Promise.all(sights));

    function seen(port: number): Promise<Sight> {
        const target = targetPort(port, forward);
        return lookAt((signal) => remote.connect(forward.toAddress, target, { ...call, signal }), call.signal);
    }
}

async function otherPort({ forward, remote }: Subject, inside: Map<number, Sight>, call: RemoteCall) {
    const other = alternatives[targetPort(forward.from, forward)];
    if (other === undefined || inside.get(forward.from)?.kind !== "refused") return undefined;
    const sight = await lookAt((signal) => remote.connect(forward.toAddress, other, { ...call, signal }), call.signal);
    return sight.kind === "answered" ? { port: other, said: sight.said } : undefined;
}
