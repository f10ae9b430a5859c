import { IsardvdiError } from "../errors";
import { networkOf, networksOverlap } from "./networks";
import type { Change, Forward } from "./firewall";
import type { Foreign } from "./foreign/foreign";
import { judged, type Scene } from "./foreign/judge";
import type { Ledger } from "./ledger";
import { ports } from "./rules";

const overlaps = (a: Forward, b: Forward): boolean => a.protocol === b.protocol && a.from <= b.to && b.from <= a.to;

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

/** What stands in the way of a forward, and what it takes over or leaves alone there. */
export interface Way {
    adopted: Foreign[];
    /** Addresses of the host that others keep. */
    spares: string[];
    /** Tags of what an earlier resource of the same name had. */
    claimed: string[];
}

/** The forward of another resource, or a foreign rule, that wants the same packets; equal ones are for adoption. */
export function wayOf(
    change: Change,
    forward: Forward,
    ledger: Ledger,
    foreign: readonly Foreign[],
    scene: Scene,
    host: string,
): Way {
    const refused = (seen: string, advice: string): IsardvdiError =>
        new IsardvdiError({
            code: "conflict",
            action: `forward ${forward.protocol} port ${ports(forward, "-")} on`,
            resource: host,
            seen,
            advice,
            property: "port",
        });
    const way: Way = { adopted: [], spares: [], claimed: [] };
    for (const { owner, forward: theirs } of ledger.values()) {
        if (owner.tag === change.owner.tag || !samePackets(forward, theirs)) continue;
        // of an earlier resource of that name, or of one whose run was killed before a state knew of it
        if (owner.name === change.owner.name) {
            way.claimed.push(owner.tag);
            continue;
        }
        const what = `${theirs.protocol} ${ports(theirs, "-")} → ${theirs.toAddress}`;
        throw refused(`${owner.name} already forwards ${what} there`, anothers(owner.name));
    }
    for (const { rule, verdict } of judged(forward, foreign, scene)) {
        if (verdict.kind === "conflict") throw refused(...collision(rule, verdict.why));
        if (verdict.kind === "beside") way.spares.push(...verdict.addresses);
        if (verdict.kind === "equal") way.adopted.push(rule);
    }
    const [equal] = way.adopted;
    if (equal && !change.adopt) {
        throw refused(
            `an equal rule, which is not ours, is there already: ${equal.line}`,
            "Set adopt: true to take it over, or remove it.",
        );
    }
    return { ...way, spares: [...new Set(way.spares)].sort() };
}

/** How a forward that another resource has is given up. */
export const anothers = (name: string): string =>
    `Remove one of the two, or change its port. If this resource is that one under a new name, give it that name in aliases; if no stack has that one any more, run: npx pulumi-isardvdi clear-forwards CONNECTION --owner '${name}' --yes.`;

/** The words for a container, by which its name is put in later. */
export const containerAt = /the container at ([\d.]+)/;

/** What was seen, and what to do: a program makes a rule of its own anew. */
export function collision(
    { line, program, target }: Pick<Foreign, "line" | "program" | "target">,
    why: string,
): [string, string] {
    if (program === undefined)
        return [
            `this rule, which is not ours, wants the same packets: ${line} (${why})`,
            "Remove that rule, or change the port.",
        ];
    const [address] = target?.addresses ?? [];
    const seen = `${program} has a rule for the same packets: ${line}`;
    if (program === "Docker" && address !== undefined)
        return [
            `${seen}, for it publishes a port of the container at ${address}`,
            "Change the port, or the one that is published for that container.",
        ];
    return [seen, `Change the port, or what ${program} is told: it makes a rule that is removed anew.`];
}
