import { asObject, isObject } from "../../is-object";
import { addresses } from "./addresses";
import { anyPacket, type Conditions, mayMeet, narrowed, type Protocol } from "./conditions";
import type { Foreign } from "./foreign";
import { both, everyAddress, everyPort, intervals, type Interval, type Intervals, without } from "./intervals";
import { programOf } from "./programs";
import type { Target } from "./target";

/** What `nft -j list table` prints of one table, as far as it is looked at. */
export interface NftTable {
    family: string;
    name: string;
    chains: { name: string; type?: string; hook?: string; prio?: number; policy?: string }[];
    rules: { chain: string; handle: number; comment?: string; expr: unknown[] }[];
    /** Elements of named sets of plain values. */
    sets: ReadonlyMap<string, unknown>;
}

/** Reads the JSON of libnftables; undefined where it is none that is known. */
export function parseNft(text: string): NftTable | undefined {
    try {
        const { nftables } = JSON.parse(text) as { nftables: Record<string, Record<string, unknown>>[] };
        const all = <T>(kind: string): T[] => nftables.flatMap((each) => (each[kind] ? [each[kind] as T] : []));
        const [info] = all<{ json_schema_version: number }>("metainfo");
        const [table] = all<{ family: string; name: string }>("table");
        if (info?.json_schema_version !== 1 || !table) return undefined;
        const rules = all<NftTable["rules"][number]>("rule");
        if (!rules.every(({ expr }) => Array.isArray(expr) && expr.every(isObject))) return undefined;
        return {
            ...table,
            chains: all("chain"),
            rules,
            sets: new Map(all<{ name: string; elem?: unknown }>("set").map(({ name, elem }) => [name, elem])),
        };
    } catch {
        return undefined;
    }
}

/** The forwards of a native table; they are seen, and never taken over. */
export function foreignInNft(table: NftTable): Foreign[] {
    if (table.family !== "ip" && table.family !== "inet") return [];
    const hooks = { prerouting: "outside", output: "host" } as const;
    return Object.entries(hooks).flatMap(([hook, from]) =>
        table.chains
            .filter((chain) => chain.type === "nat" && chain.hook === hook)
            .flatMap(({ name }) => {
                const found: Foreign[] = [];
                follow(name, anyPacket, [], { table, from, takers: [], found });
                return found;
            }),
    );
}

interface Walk {
    table: NftTable;
    from: "outside" | "host";
    takers: Conditions[];
    found: Foreign[];
}

function follow(chain: string, way: Conditions, path: readonly string[], walk: Walk): void {
    if (path.includes(chain)) return;
    const returned: Conditions[] = [];
    const { table, from } = walk;
    for (const { expr, handle } of table.rules.filter((rule) => rule.chain === chain)) {
        const read = readExpressions(expr, table);
        const conditions = narrowed(way, read.conditions);
        if (!conditions || !read.verdict) continue;
        const { verdict } = read;
        if (verdict.jump !== undefined) {
            follow(verdict.jump, conditions, [...path, chain], walk);
            if (verdict.isGoto) returned.push(conditions);
        } else if (verdict.isReturn) returned.push(conditions);
        else {
            const isLate = [...walk.takers, ...returned].some((taker) => mayMeet(taker, conditions));
            walk.takers.push(conditions);
            if (verdict.isAccept) continue;
            const program = programOf(table.name, false) ?? programOf(chain, false);
            walk.found.push({
                line: `nft table ${table.family} ${table.name}, chain ${chain}, handle ${handle}`,
                conditions: isLate
                    ? { ...conditions, unknown: [...conditions.unknown, "rules before it"] }
                    : conditions,
                target: verdict.target,
                from,
                ...(program !== undefined && { program }),
                place: { kind: "other", what: `the nft table ${table.family} ${table.name}` },
            });
        }
    }
}

interface Verdict {
    jump?: string;
    isGoto?: boolean;
    isReturn?: boolean;
    isAccept?: boolean;
    target?: Target;
}
interface ReadNft {
    conditions: Conditions;
    verdict?: Verdict;
}

const passing = new Set(["counter", "comment", "log", "limit", "mangle", "notrack", "meter", "quota"]);

function readExpressions(expressions: readonly unknown[], table: NftTable): ReadNft {
    const read: ReadNft = { conditions: anyPacket };
    for (const each of expressions) {
        const [[name, value] = ["", undefined]] = Object.entries(asObject(each));
        const text = JSON.stringify(each);
        if (name === "match") {
            const part = isObject(value) ? matched(value, table) : undefined;
            const next = narrowed(read.conditions, { ...anyPacket, ...(part ?? { unknown: [text] }) });
            // a contradiction takes nothing, and so has no verdict
            if (!next) return { conditions: read.conditions };
            read.conditions = next;
        } else if (name === "dnat" || name === "redirect") read.verdict = { target: targetOf(value, name) };
        else if (name === "jump" || name === "goto") {
            const target = isObject(value) ? value["target"] : undefined;
            read.verdict = typeof target === "string" ? { jump: target, isGoto: name === "goto" } : {};
        } else if (name === "return") read.verdict = { isReturn: true };
        else if (name === "accept") read.verdict = { isAccept: true };
        else if (!passing.has(name) || name === "limit") {
            // a map of verdicts, a set that is filled, a statement of a later nft: it may do anything
            read.conditions = { ...read.conditions, unknown: [...read.conditions.unknown, text] };
            if (name !== "limit") read.verdict ??= {};
        }
    }
    return read;
}

/** A comparison as a condition; undefined where one of its sides is not understood. */
function matched({ op, left, right }: Record<string, unknown>, table: NftTable): Partial<Conditions> | undefined {
    if (op !== "==" && op !== "!=") return undefined;
    const isNegated = op === "!=";
    const side = JSON.stringify(left);
    const key = sides[side];
    if (key === "fib") return right === "local" ? { toHost: !isNegated } : undefined;
    if (key === "link")
        return typeof right === "string" ? { interfaces: [{ name: right.replace(/\*$/, "+"), isNegated }] } : undefined;
    if (key === "protocol") return protocols(right, isNegated);
    if (key === undefined) return undefined;
    const [protocol, kind] = key;
    const all = kind === "ports" ? everyPort : everyAddress;
    const set = valuesOf(right, table, kind === "ports" ? portOf : addressesOf);
    if (!set) return undefined;
    const part = { [kind]: isNegated ? without(all, set) : both(all, set) };
    return protocol === undefined ? part : { ...part, protocols: [protocol] };
}

const payload = (protocol: string, field: string): string => JSON.stringify({ payload: { protocol, field } });
const meta = (key: string): string => JSON.stringify({ meta: { key } });
type Side = "fib" | "link" | "protocol" | readonly [Protocol | undefined, "ports" | "sources" | "destinations"];
const sides: Readonly<Record<string, Side>> = {
    [payload("tcp", "dport")]: ["tcp", "ports"],
    [payload("udp", "dport")]: ["udp", "ports"],
    [payload("th", "dport")]: [undefined, "ports"],
    [payload("ip", "saddr")]: [undefined, "sources"],
    [payload("ip", "daddr")]: [undefined, "destinations"],
    [payload("ip", "protocol")]: "protocol",
    [meta("l4proto")]: "protocol",
    [meta("iifname")]: "link",
    [meta("iif")]: "link",
    [JSON.stringify({ fib: { result: "type", flags: ["daddr"] } })]: "fib",
    [JSON.stringify({ fib: { result: "type", flags: "daddr" } })]: "fib",
};

function protocols(right: unknown, isNegated: boolean): Partial<Conditions> | undefined {
    const names = typeof right === "string" ? [right] : asObject(right)["set"];
    if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) return undefined;
    return { protocols: (["tcp", "udp"] as const).filter((name) => names.includes(name) !== isNegated) };
}

/** A value, a set of them or the name of one; undefined where an element is not understood. */
function valuesOf(
    right: unknown,
    table: NftTable,
    one: (value: unknown) => Interval | undefined,
): Intervals | undefined {
    if (typeof right === "string" && right.startsWith("@")) {
        const elements = table.sets.get(right.slice(1));
        return Array.isArray(elements) ? valuesOf({ set: elements }, table, one) : undefined;
    }
    const elements = asObject(right)["set"];
    const parts = (Array.isArray(elements) ? elements : [right]).map(one);
    return parts.every((part) => part !== undefined) ? intervals(...parts) : undefined;
}

function rangeOf(value: unknown): unknown[] | undefined {
    const range = isObject(value) ? value["range"] : undefined;
    return Array.isArray(range) && range.length === 2 ? range : undefined;
}

function portOf(value: unknown): Interval | undefined {
    const [first, last] = rangeOf(value) ?? [value, value];
    return typeof first === "number" && typeof last === "number" ? [first, last] : undefined;
}

function addressesOf(value: unknown): Interval | undefined {
    if (typeof value === "string") return addresses(value);
    const { prefix } = asObject(value);
    if (isObject(prefix)) return addresses(`${String(prefix["addr"])}/${String(prefix["len"])}`);
    const range = rangeOf(value);
    return range && addresses(range.join("-"));
}

function targetOf(value: unknown, name: string): Target | undefined {
    if (name === "redirect") return { addresses: undefined, unknown: [] };
    const { addr, port, ...others } = asObject(value);
    const unknown = Object.keys(others).filter((key) => key !== "family");
    if (typeof addr !== "string" || (port !== undefined && typeof port !== "number")) return undefined;
    return { addresses: [addr, addr], ...(port !== undefined && { ports: [port, port] as const }), unknown };
}
