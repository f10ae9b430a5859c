import { IsardvdiError } from "../errors";
import { networkOf, networksOverlap } from "./networks";
import type { Change, Forward } from "./firewall";
import { type Foreign, isEqual, overlaps } from "./foreign";
import type { Ledger } from "./ledger";
import { ports } from "./rules";

/** Whether some packet would match both. */
export function samePackets(a: Forward, b: Forward): boolean {
    const apart = (x: string | undefined, y: string | undefined): boolean => !!x && !!y && x !== y;
    return (
        overlaps(a, b) &&
        !apart(a.inInterface, b.inInterface) &&
        !apart(a.zone, b.zone) &&
        sourcesMeet(a.sourceCidrs, b.sourceCidrs)
    );
}

function sourcesMeet(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
    if (!a?.length || !b?.length) return true;
    const networks = (list: readonly string[]) => list.map(networkOf).filter((each) => each !== undefined);
    return networks(a).some((one) => networks(b).some((two) => networksOverlap(one, two)));
}

/** The forward of another resource, or a foreign rule, that wants the same packets; equal ones are for adoption. */
export function findConflict(
    change: Change,
    forward: Forward,
    ledger: Ledger,
    foreign: readonly Foreign[],
    host: string,
): { error: IsardvdiError } | { adopted: Foreign[] } {
    const refuse = (seen: string, advice: string): { error: IsardvdiError } => ({
        error: new IsardvdiError({
            code: "conflict",
            action: `forward ${forward.protocol} port ${ports(forward, "-")} on`,
            resource: host,
            seen,
            advice,
            property: "port",
        }),
    });
    for (const { owner, forward: theirs } of ledger.values()) {
        if (owner.tag === change.owner.tag || !samePackets(forward, theirs)) continue;
        const what = `${theirs.protocol} ${ports(theirs, "-")} → ${theirs.toAddress}`;
        return refuse(`${owner.name} already forwards ${what} there`, "Remove one of the two, or change its port.");
    }
    const inTheWay = foreign.filter((rule) => overlaps(forward, rule));
    const different = inTheWay.find((rule) => !isEqual(forward, rule));
    if (different) {
        return refuse(
            `this rule, which is not ours, wants the same packets: ${different.line}`,
            "Remove that rule, or change the port.",
        );
    }
    const equal = inTheWay[0];
    if (equal && !change.adopt) {
        return refuse(
            `an equal rule, which is not ours, is there already: ${equal.line}`,
            "Set adopt: true to take it over, or remove it.",
        );
    }
    return { adopted: inTheWay };
}
