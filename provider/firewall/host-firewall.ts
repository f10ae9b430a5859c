import { IsardvdiError } from "../errors";
import { type Chosen, lacksMark, obstacle } from "./backend";
import type { BackendName, Forward, ForeignRule, HostFirewall, Installed } from "./firewall";
import { foreignInPolicies, foreignInZones } from "./foreign/firewalld";
import type { Foreign } from "./foreign/foreign";
import { judged, type Scene } from "./foreign/judge";
import { foreignInNft } from "./foreign/nft";
import { twinOf } from "./foreign/twin";
import { foreignInSave } from "./foreign/walk";
import type { Entry } from "./ledger";
import { markRules, missingIn, natRules, ownTable } from "./own-table";
import { isInner } from "./links";
import { chains, directText, iptablesRules } from "./rules";
import { plain, type Saved } from "./save";
import type { FirewalldSeen, Seen } from "./seen";
import { allEntries, type Entries, entriesOf, placeOf } from "./zones";

/** What was seen, in the words of the interface. */
export function describeHost(seen: Seen, chosen: Chosen, host: string): HostFirewall {
    const foreign = foreignRules(seen, chosen);
    return {
        machineId: seen.machineId,
        backend: chosen.backend,
        why: chosen.why,
        forwards: new Map([...seen.ledger].map(([tag, entry]) => [tag, installed(entry, seen, chosen, host)])),
        foreign: [...new Map(foreign.map((rule) => [rule.line, shown(rule)])).values()],
        obstacle: (forward) => obstacle(chosen, forward, seen, host),
        judged: (forward) =>
            judged(forward, foreign, sceneOf(forward, seen, chosen.docker, host)).map(({ rule, verdict }) => ({
                line: rule.line,
                verdict,
            })),
    };
}

function shown(rule: Foreign): ForeignRule {
    const twin = twinOf(rule);
    const [first, last] = rule.target?.addresses ?? [];
    return {
        line: rule.line,
        program: rule.program,
        toAddress: first === last ? first : undefined,
        ...("why" in twin ? twin : { twin }),
    };
}

/** Which packets come to a forward on this host. */
export function sceneOf(forward: Forward, seen: Seen, docker: boolean, host: string): Scene {
    const own = [...new Set(seen.addresses.filter(({ link }) => !isInner(link, seen)).map(({ address }) => address))];
    try {
        return { own, zones: seen.firewalld && placeOf({ forward }, seen, seen.firewalld, docker, host).zones };
    } catch (error) {
        // it is told when the forward is placed
        if (!(error instanceof IsardvdiError)) throw error;
        return { own, zones: undefined };
    }
}

/** Every rule of the host that forwards something and is not ours. */
export function foreignRules(seen: Seen, { tool }: Chosen): Foreign[] {
    const { firewalld, ledger } = seen;
    const own = new Set(allEntries(ledger).rich.map(([zone, rule]) => `${zone} ${rule}`));
    const saves = seen.tools.flatMap((each) => {
        // what firewalld has made from its zones is read from them
        const found = foreignInSave(each.saved, firewalld !== undefined).filter(
            ({ program, line }) => program !== "firewalld" || / [A-Z]+_direct /.test(line),
        );
        const name = each.path.slice(each.path.lastIndexOf("/") + 1);
        const place = { kind: "other", what: `the tables of ${name}, which are not those with our forwards` } as const;
        return each === tool ? found : found.map((rule) => ({ ...rule, place }));
    });
    return [
        ...saves,
        ...(firewalld ? [...foreignInZones(firewalld, own), ...foreignInPolicies(firewalld)] : []),
        ...seen.native.filter(({ name }) => name !== ownTable).flatMap(foreignInNft),
    ];
}

function installed(entry: Entry, seen: Seen, chosen: Chosen, host: string): Installed {
    const { owner, forward, backend } = entry;
    const found = places[backend](entry, seen, chosen, host);
    const marks = inMark(entry, seen, chosen);
    const forwards = seen.ipForward === "1" ? [] : ["net.ipv4.ip_forward = 1"];
    const isKept = forward.persist && (backend !== "firewalld" || marks.rules.length > 0);
    const persistence = isKept ? missingPersistence(seen.persist) : [];
    return {
        owner,
        forward,
        backend,
        rules: [...found.rules, ...marks.rules],
        missing: [...found.missing, ...marks.missing, ...persistence, ...forwards],
    };
}

const places: Record<BackendName, (entry: Entry, seen: Seen, chosen: Chosen, host: string) => Found> = {
    firewalld: inZones,
    iptables: inChains,
    nftables: inTable,
};

/** In our own table, which no other program's filter asks. */
function inTable({ forward, owner, spares }: Entry, { native }: Seen, { backend, docker, bridges }: Chosen): Found {
    const rules = natRules(forward, owner.tag, spares);
    const others = [
        docker && !bridges && "an accept in DOCKER-USER, for Docker uses iptables there",
        backend === "firewalld" && "entries of firewalld, which runs there by now",
    ].filter((each) => each !== false);
    return { rules: rules.map((rule) => rule.text), missing: [...missingIn(native, rules), ...others] };
}

/** What Docker's nftables rules ask of a packet today, whatever they asked when the forward was put in. */
function inMark({ forward, owner, mark }: Entry, seen: Seen, { bridges }: Chosen): Found {
    const rules = mark === undefined ? [] : markRules(forward, owner.tag, mark).map((rule) => rule.text);
    if (lacksMark({ bridges }, forward, seen)) return { rules, missing: ["Docker's option bridge-accept-fwmark"] };
    if (bridges?.mark === undefined) return { rules, missing: [] };
    return { rules, missing: missingIn(seen.native, markRules(forward, owner.tag, bridges.mark)) };
}

interface Found {
    rules: string[];
    missing: string[];
}

function inChains({ forward, owner, spares }: Entry, _seen: Seen, { tool, docker }: Chosen): Found {
    const rules = iptablesRules(forward, owner.tag, spares);
    const saved = tool?.saved ?? new Map();
    const have = linesOf(saved);
    const jumps = [
        { table: "nat", line: `-A PREROUTING -m addrtype --dst-type LOCAL ${mark} -j ${chains.dnat}` },
        { table: "filter", line: `-A ${docker ? "DOCKER-USER" : "FORWARD"} ${mark} -j ${chains.accept}` },
        forward.local && {
            table: "nat",
            line: `-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL ${mark} -j ${chains.local}`,
        },
    ].filter((each) => !!each);
    const missing = [...rules, ...jumps].filter(({ table, line }) => !have.has(`${table} ${plain(line)}`));
    return {
        rules: rules.map(text),
        missing: missing.map(text),
    };
}

const mark = "-m comment --comment pulumi-isardvdi";
const text = ({ table, line }: { table: string; line: string }): string => `-t ${table} ${line}`;
const saves = new WeakMap<Saved, Set<string>>();

/** Every line of a save, worked out once for all forwards. */
function linesOf(saved: Saved): Set<string> {
    let lines = saves.get(saved);
    if (!lines) {
        lines = new Set([...saved].flatMap(([table, { rules }]) => rules.map(({ line }) => `${table} ${plain(line)}`)));
        saves.set(saved, lines);
    }
    return lines;
}

/** Where the host has no means at all there is nothing that could be missing; the change has warned of it. */
function missingPersistence(persist: ReadonlySet<string>): string[] {
    if (persist.has("systemd")) return persist.has("unit enabled") ? [] : ["systemd unit pulumi-isardvdi-firewall"];
    if (persist.has("netfilter-persistent")) return persist.has("plugin") ? [] : ["plugin of netfilter-persistent"];
    return [];
}

function inZones(entry: Entry, seen: Seen, { docker, tool }: Chosen, host: string): Found {
    const { forward, owner, put } = entry;
    const { firewalld } = seen;
    const asPut = put ? entriesOf(forward, owner.tag, put) : { rich: [], direct: [] };
    const rules = [
        ...asPut.rich.map(([zone, rule]) => `zone ${zone}: ${rule}`),
        ...asPut.direct.map(([table, chain, args]) => directText({ table: table as "nat", chain, args })),
    ];
    if (!firewalld) return { rules, missing: ["firewalld, which is not running"] };
    let wanted: Entries;
    try {
        // the host may have other addresses, zones or a Docker by now
        wanted = entriesOf(forward, owner.tag, placeOf(entry, seen, firewalld, docker, host));
    } catch (error) {
        if (!(error instanceof IsardvdiError)) throw error;
        return { rules, missing: [error.seen] };
    }
    const missing = wanted.rich.flatMap(([zone, rule]) => [
        ...(firewalld.zones[zone]?.richRules.includes(rule) ? [] : [`zone ${zone}: ${rule}`]),
        ...(!forward.persist || firewalld.permanent[zone]?.richRules.includes(rule)
            ? []
            : [`permanent zone ${zone}: ${rule}`]),
    ]);
    const have = linesOf(tool?.saved ?? new Map());
    const direct = wanted.direct.flatMap((rule) => missingDirect(rule, firewalld, forward.persist, have));
    return { rules, missing: [...missing, ...direct] };
}

function missingDirect(
    [table, chain, args]: [string, string, string[], boolean],
    firewalld: FirewalldSeen,
    persist: boolean,
    have: ReadonlySet<string>,
): string[] {
    const key = JSON.stringify([table, chain, args]);
    const line = directText({ table: table as "nat", chain, args });
    // firewalld goes on listing what somebody else has flushed from Docker's chain
    const flushed = chain === "DOCKER-USER" && !have.has(`${table} -A ${chain} ${args.join(" ")}`);
    const has = (rules: FirewalldSeen["direct"]): boolean => rules.some((rule) => JSON.stringify(rule) === key);
    return [
        ...(has(firewalld.direct) && !flushed ? [] : [line]),
        ...(!persist || has(firewalld.permanentDirect) ? [] : [`permanent ${line}`]),
    ];
}
