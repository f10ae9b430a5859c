import { IsardvdiError } from "../errors";
import type { Forward } from "./firewall";
import type { Foreign } from "./foreign";
import type { Ledger, Put } from "./ledger";
import { directRules, richRules } from "./rules";
import type { FirewalldSeen, Seen } from "./seen";

/** Zones whose traffic is never what comes from outside: Docker's own, and where nothing can arrive. */
const inner = new Set(["docker", "block", "drop"]);
const isBridge = (link: string): boolean => /^(docker\d|br-|veth|lo$)/.test(link);

/** Where a forward goes: the given zone, else every zone at which its traffic can arrive. */
export function placeOf(forward: Forward, seen: Seen, firewalld: FirewalldSeen, docker: boolean, host: string): Put {
    const { zones, defaultZone } = firewalld;
    const zoneOf = (link: string): string =>
        Object.keys(zones).find((name) => zones[name]?.interfaces.includes(link)) ?? defaultZone;
    const outer = seen.addresses.filter(({ link }) => !isBridge(link) && !inner.has(zoneOf(link)));
    if (outer.length === 0)
        throw badZone(host, "connection", "it has no IPv4 address outside Docker's bridges", "Give it one first.");
    const place = (names: string[]): Put => ({
        zones: [...new Set(names)].sort(),
        addresses: [...new Set(outer.map(({ address }) => address))].sort(),
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

/** firewalld's forward-ports and rich rules that are not ours, run time and permanent. */
export function foreignInZones(firewalld: FirewalldSeen, ledger: Ledger): Foreign[] {
    const own = new Set(allEntries(ledger).rich.map(([zone, rule]) => `${zone} ${rule}`));
    const seen = new Map<string, Foreign>();
    for (const [zone, { forwardPorts, richRules: rules }] of [firewalld.zones, firewalld.permanent].flatMap(
        Object.entries,
    ) as [string, { forwardPorts: string[][]; richRules: string[] }][]) {
        for (const entry of forwardPorts) {
            const [port = "", protocol = "", toPort = "", toAddress = ""] = entry;
            const line = `zone ${zone}: port=${port}:proto=${protocol}:toport=${toPort}:toaddr=${toAddress}`;
            add(seen, line, { port, protocol, toPort, toAddress }, { zone, entry, narrowed: false });
        }
        for (const rule of rules) {
            const value = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(rule)?.[1] ?? "";
            if (!rule.includes(" forward-port ") || own.has(`${zone} ${rule}`)) continue;
            const parts = {
                port: value(" port"),
                protocol: value("protocol"),
                toPort: value("to-port"),
                toAddress: value("to-addr"),
            };
            const narrowed = /source|log|audit|limit|NOT/.test(rule);
            add(seen, `zone ${zone}: ${rule}`, parts, { zone, entry: rule, narrowed });
        }
    }
    return [...seen.values()];
}

function add(
    seen: Map<string, Foreign>,
    line: string,
    parts: { port: string; protocol: string; toPort: string; toAddress: string },
    { zone, entry, narrowed }: { zone: string; entry: string | string[]; narrowed: boolean },
): void {
    const [from = 0, to = from] = parts.port.split("-").map(Number);
    if (parts.protocol !== "tcp" && parts.protocol !== "udp") return;
    seen.set(line, {
        line,
        protocol: parts.protocol,
        from,
        to,
        toAddress: parts.toAddress,
        toPort: /^\d+$/.test(parts.toPort) ? Number(parts.toPort) : undefined,
        place: { kind: "firewalld", zone, entry },
        narrowed,
    });
}
