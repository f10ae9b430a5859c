import type { ForeignRule } from "../../provider/firewall";
import type { Args } from "./hypervisor";
import type { Machine } from "./survey";

/** A PortForward, or the rule that none can be equal to. */
export type Taken = { name: string; args: Args } | { left: string };

/** One for each rule that can be taken over; a rule that stands in several back ends or zones is one. */
export function forwardsOf({ connection, rules }: Machine): Taken[] {
    const seen = new Set<string>();
    return rules.flatMap((rule): Taken[] => {
        const { protocol, from, to, toAddress, toPort, adoptable, line } = rule;
        if (!adoptable) return [{ left: line }];
        const port = from === to ? from : `${from}-${to}`;
        const name = `${connection}-${protocol}-${port}`;
        if (seen.has(name)) return [];
        seen.add(name);
        const isKept = toPort === undefined || toPort === from;
        return [
            {
                name,
                args: { connection, protocol, port, toAddress, ...(!isKept && { toPort }), adopt: true, ...lost(rule) },
            },
        ];
    });
}

/** A datagram proves nothing where nobody answers, and a hand-made forward was never proved by a packet. */
const lost = ({ protocol }: ForeignRule): Args => (protocol === "udp" ? { verify: "rules" } : {});
