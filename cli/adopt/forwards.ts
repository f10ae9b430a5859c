import type { Args } from "./hypervisor";
import type { Machine } from "./survey";

/** A PortForward, or the rule that none can be equal to. */
export type Taken = { name: string; args: Args } | { left: string };

/** One for each rule that a forward can be equal to; a rule that stands in several back ends is one. */
export function forwardsOf({ connection, rules }: Machine): Taken[] {
    const seen = new Set<string>();
    return rules.flatMap(({ line, twin, why }): Taken[] => {
        if (!twin) return [{ left: `${line} (${why})` }];
        const { from, to, toPort, ...others } = twin;
        const port = from === to ? from : `${from}-${to}`;
        const isKept = toPort === undefined || toPort === from;
        const { protocol, toAddress, ...narrowing } = others;
        const args = { protocol, port, toAddress, ...(!isKept && { toPort }), ...narrowing };
        const key = JSON.stringify(args);
        if (seen.has(key)) return [];
        seen.add(key);
        const name = [connection, protocol, port, twin.zone, twin.inInterface, twin.sourceCidrs?.[0]]
            .filter((part) => part !== undefined)
            .join("-")
            .replace("/", "-");
        return [{ name, args: { connection, ...args, adopt: true, ...lost(protocol) } }];
    });
}

/** A datagram proves nothing where nobody answers, and a hand-made forward was never proved by a packet. */
const lost = (protocol: "tcp" | "udp"): Args => (protocol === "udp" ? { verify: "rules" } : {});
