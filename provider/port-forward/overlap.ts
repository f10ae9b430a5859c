import type { ConnectionArgs } from "../connection";
import { describe, forwardOf, type Inputs } from "./inputs";
import { type Network, networkOf, networksOverlap } from "./networks";
import { portsOverlap } from "./ports";

interface Known {
    urn: string;
    inputs: Inputs;
}

/** The forwards of the program, by host, as check has seen them. */
export type Registry = Map<string, Map<string, Known>>;

/** The same machine, as far as names tell. */
const hostKey = ({ host, port = 22, proxy }: ConnectionArgs): string =>
    `${host.toLowerCase()}:${port}${proxy ? ` through ${hostKey(proxy)}` : ""}`;

/** Notes a forward, and says which other one of the program wants the same packets. */
export function findOverlap(registry: Registry, connection: ConnectionArgs, inputs: Inputs): string | undefined {
    const key = hostKey(connection);
    const there = registry.get(key) ?? new Map<string, Known>();
    registry.set(key, there);
    const urn = inputs.__urn ?? "";
    const other = [...there.values()].find((each) => each.urn !== urn && samePackets(each.inputs, inputs));
    there.set(urn, { urn, inputs });
    if (!other) return undefined;
    const name = other.urn.split("::").at(-1) ?? other.urn;
    return `${describe(forwardOf(inputs))} and "${name}" (${describe(forwardOf(other.inputs))}) want the same packets on ${connection.host}: only one of them can have a port. Change one, or tell them apart by sourceCidrs or inInterface.`;
}

function samePackets(a: Inputs, b: Inputs): boolean {
    const [one, two] = [forwardOf(a), forwardOf(b)];
    const apart = (x: string | undefined, y: string | undefined): boolean => !!x && !!y && x !== y;
    return (
        one.protocol === two.protocol &&
        portsOverlap(one, two) &&
        !apart(one.inInterface, two.inInterface) &&
        !apart(one.zone, two.zone) &&
        sourcesOverlap(one.sourceCidrs, two.sourceCidrs)
    );
}

function sourcesOverlap(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
    if (!a || !b) return true;
    const parsed = (list: readonly string[]): Network[] => list.map(networkOf).filter((each) => each !== undefined);
    const others = parsed(b);
    return parsed(a).some((one) => others.some((two) => networksOverlap(one, two)));
}
