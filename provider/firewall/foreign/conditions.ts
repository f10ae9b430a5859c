import { both, everyAddress, everyPort, type Intervals, meet } from "./intervals";

export type Protocol = "tcp" | "udp";

/** A name of an interface that a rule asks for; a "+" at its end stands for any rest. */
export interface InterfaceCondition {
    name: string;
    isNegated: boolean;
}

/** The packets that a rule takes, as far as they are IPv4. */
export interface Conditions {
    protocols: readonly Protocol[];
    ports: Intervals;
    sources: Intervals;
    destinations: Intervals;
    /** To an address of this host; undefined where the rule does not ask. */
    toHost: boolean | undefined;
    /** All of them hold. */
    interfaces: readonly InterfaceCondition[];
    /** Of firewalld: only what this zone gets. */
    zone: string | undefined;
    /** What was not understood, or is more than a forward can say; each narrows the rule in some way. */
    unknown: readonly string[];
}

export const anyPacket: Conditions = {
    protocols: ["tcp", "udp"],
    ports: everyPort,
    sources: everyAddress,
    destinations: everyAddress,
    toHost: undefined,
    interfaces: [],
    zone: undefined,
    unknown: [],
};

/** What passes both; undefined where nothing can. */
export function narrowed(a: Conditions, b: Conditions): Conditions | undefined {
    const protocols = a.protocols.filter((name) => b.protocols.includes(name));
    const [ports, sources, destinations] = [
        both(a.ports, b.ports),
        both(a.sources, b.sources),
        both(a.destinations, b.destinations),
    ];
    const isNothing = [protocols, ports, sources, destinations].some((set) => set.length === 0);
    if (isNothing || (a.toHost ?? b.toHost) !== (b.toHost ?? a.toHost)) return undefined;
    if (a.zone !== undefined && b.zone !== undefined && a.zone !== b.zone) return undefined;
    const interfaces = [...a.interfaces, ...b.interfaces];
    if (!canHold(interfaces)) return undefined;
    return {
        protocols,
        ports,
        sources,
        destinations,
        toHost: a.toHost ?? b.toHost,
        interfaces: [...new Map(interfaces.map((each) => [JSON.stringify(each), each])).values()],
        zone: a.zone ?? b.zone,
        unknown: [...new Set([...a.unknown, ...b.unknown])],
    };
}

/** Whether some packet may pass both: what is not understood may let it pass. */
export const mayMeet = (a: Conditions, b: Conditions): boolean => narrowed(a, b) !== undefined;

/** Whether a packet to these addresses of the host may pass. */
export const takesAddress = ({ destinations, toHost }: Conditions, own: Intervals): boolean =>
    toHost !== false && meet(destinations, own);

const fits = ({ name }: InterfaceCondition, link: string): boolean =>
    name.endsWith("+") ? link.startsWith(name.slice(0, -1)) : name === link;

/** Whether some interface fulfils all of them; a pattern of a pattern counts as possible. */
function canHold(all: readonly InterfaceCondition[]): boolean {
    const wanted = all.filter(({ isNegated }) => !isNegated);
    const exact = wanted.find(({ name }) => !name.endsWith("+"));
    if (!exact) return true;
    return all.every((each) => fits(each, exact.name) !== each.isNegated);
}
