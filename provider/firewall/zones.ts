import { IsardvdiError } from "../errors";
import type { Forward } from "./firewall";
import type { Entry, Ledger, Put } from "./ledger";
import { isInner } from "./links";
import { directRules, richRules } from "./rules";
import type { FirewalldSeen, Seen } from "./seen";

/** Zones whose traffic is never what comes from outside: Docker's own, and where nothing can arrive. */
const inner = new Set(["docker", "block", "drop"]);

/** Where a forward goes: the given zone, else every zone at which its traffic can arrive. */
export function placeOf(
    { forward, spares = [] }: Pick<Entry, "forward" | "spares">,
    seen: Seen,
    firewalld: FirewalldSeen,
    docker: boolean,
    host: string,
): Put {
    const { zones, defaultZone } = firewalld;
    const zoneOf = (link: string): string =>
        Object.keys(zones).find((name) => zones[name]?.interfaces.includes(link)) ?? defaultZone;
    const outer = seen.addresses.filter(({ link }) => !isInner(link, seen) && !inner.has(zoneOf(link)));
    if (outer.length === 0)
        throw badZone(host, "connection", "it has no IPv4 address outside Docker's networks", "Give it one first.");
    const place = (names: string[]): Put => ({
        zones: [...new Set(names)].sort(),
        addresses: [...new Set(outer.map(({ address }) => address))].filter((each) => !spares.includes(each)).sort(),
        docker,
    });
    if (forward.zone !== undefined) {
        if (zones[forward.zone]) return place([forward.zone]);
        throw badZone(
            host,
            "zone",
            `it has no zone "${forward.zone}"`,
            `Zones there: ${Object.keys(zones).join(", ")}.`,
        );
    }
    if (forward.inInterface !== undefined) {
        const zone = zoneOf(forward.inInterface);
        const others = outer.filter(({ link }) => link !== forward.inInterface && zoneOf(link) === zone);
        if (others.length === 0) return place([zone]);
        const links = others.map(({ link }) => link).join(", ");
        const advice = `Give ${forward.inInterface} a zone of its own, or leave inInterface out.`;
        throw badZone(host, "inInterface", `zone "${zone}" of ${forward.inInterface} also holds ${links}`, advice);
    }
    const bySource = Object.keys(zones).filter((name) => !inner.has(name) && (zones[name]?.sources.length ?? 0) > 0);
    return place([...outer.map(({ link }) => zoneOf(link)), ...bySource]);
}

function badZone(host: string, property: string, seen: string, advice: string): IsardvdiError {
    return new IsardvdiError({
        code: "bad-input",
        action: "forward a port on",
        resource: host,
        seen,
        advice,
        property,
    });
}

/** Zone, rule, and whether it is permanent. */
export type RichEntry = [zone: string, rule: string, persist: boolean];
/** Table, chain, arguments, and whether it is permanent. */
export type DirectEntry = [table: string, chain: string, args: string[], persist: boolean];

export interface Entries {
    rich: RichEntry[];
    direct: DirectEntry[];
}

/** The exact entries of one forward. */
export function entriesOf(forward: Forward, tag: string, put: Put): Entries {
    const rules = richRules(forward, put.addresses);
    const direct = directRules(forward, tag).filter(({ chain }) => put.docker || chain !== "DOCKER-USER");
    return {
        rich: put.zones.flatMap((zone) => rules.map((rule): RichEntry => [zone, rule, forward.persist])),
        direct: direct.map(({ table, chain, args }): DirectEntry => [table, chain, args, forward.persist]),
    };
}

/** Everything of ours that firewalld is to have. */
export function allEntries(ledger: Ledger): Entries {
    const each = [...ledger.values()].flatMap(({ forward, owner, put }) =>
        put ? [entriesOf(forward, owner.tag, put)] : [],
    );
    return { rich: each.flatMap(({ rich }) => rich), direct: each.flatMap(({ direct }) => direct) };
}
