import type { ConnectionArgs } from "../connection";
import { samePackets } from "../firewall/conflicts";
import type { Forward } from "../firewall/firewall";
import { wayOf } from "../remote/one-machine";
import { describe, forwardOf } from "./inputs";
import type { Inputs } from "./schema";

interface Known {
    urn: string;
    forward: Forward;
}

/** The forwards of the program, by host, as check has seen them. */
export type Registry = Map<string, Map<string, Known>>;

/** Notes a forward, and says which other one of the program wants the same packets. */
export function findOverlap(registry: Registry, connection: ConnectionArgs, inputs: Inputs): string | undefined {
    const key = wayOf(connection);
    const there = registry.get(key) ?? new Map<string, Known>();
    registry.set(key, there);
    const urn = inputs.__urn ?? "";
    const forward = forwardOf(inputs);
    const other = [...there.values()].find((each) => each.urn !== urn && samePackets(each.forward, forward));
    there.set(urn, { urn, forward });
    if (!other) return undefined;
    const name = other.urn.split("::").at(-1) ?? other.urn;
    return `${describe(forward)} and "${name}" (${describe(other.forward)}) want the same packets on ${connection.host}: only one of them can have a port. Change one, or tell them apart by sourceCidrs or inInterface.`;
}
