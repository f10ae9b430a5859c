import { isIPv4 } from "node:net";
import { portsIn } from "./ports";
import type { Interval } from "./intervals";

/** Where a rule sends its packets. */
export interface Target {
    /** First and last address; undefined is this host itself. */
    addresses: readonly [string, string] | undefined;
    /** Absent: the port is kept. */
    ports?: Interval;
    /** Of the form ":5900-7899/15900": the port that goes to the first one. */
    base?: number;
    /** What was not understood, or changes which of several is chosen. */
    unknown: readonly string[];
}

/** Of iptables' "10.0.0.9-10.0.0.12:5900-7899/15900". */
export function targetOf(text: string, flags: readonly string[]): Target {
    const [, first = "", last = first, ports, base] =
        /^([\d.]*)(?:-([\d.]+))?(?::([\d-]+)(?:\/(\d+))?)?$/.exec(text) ?? [];
    const given = ports === undefined ? undefined : portsIn(ports, "-");
    const isRead = isIPv4(first) && isIPv4(last) && (ports === undefined || given !== undefined);
    return {
        addresses: [first, last],
        ...(given && { ports: given }),
        ...(base !== undefined && { base: Number(base) }),
        unknown: [...(isRead ? [] : [`the target "${text}"`]), ...flags],
    };
}

/** The target that keeps the ports of a rule, or gives its single one another: `undefined` for any other. */
export function plainTarget(
    { addresses, ports, base, unknown }: Target,
    [from, to]: Interval,
): { toAddress: string; toPort: number | undefined } | undefined {
    const [first, last] = addresses ?? ["", ""];
    if (first === "" || first !== last || unknown.length > 0) return undefined;
    if (ports === undefined) return { toAddress: first, toPort: undefined };
    // a port within the range of the target stays as it is
    if (ports[0] === from && ports[1] === to && (base ?? from) === from)
        return { toAddress: first, toPort: from === to ? from : undefined };
    if (ports[0] === ports[1] && base === undefined) return { toAddress: first, toPort: ports[0] };
    return undefined;
}
