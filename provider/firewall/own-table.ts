import { isDeepStrictEqual } from "node:util";
import type { Forward } from "./firewall";
import type { NftTable } from "./foreign/nft";
import { type Mark, maskOf } from "./mark";
import { cidr } from "./networks";
import { commentPrefix, ports, sources } from "./rules";

/** The one table of nftables that is ours, whole: what stands in it is ours, nothing outside it is. */
export const ownTable = "pulumi-isardvdi";

/** The chains of the table: before iptables' and Docker's own of the same hook, so that a forward is seen first. */
const hooks = {
    prerouting: { type: "nat", hook: "prerouting", prio: -101 },
    output: { type: "nat", hook: "output", prio: -101 },
    forward: { type: "filter", hook: "forward", prio: -10 },
} as const;
type Chain = keyof typeof hooks;

/** A rule in both of nft's languages: the text that is put in, and the JSON that is read back. */
export interface NftRule {
    chain: Chain;
    text: string;
    json: { chain: Chain; comment: string; expr: unknown[] };
}
type Part = readonly [text: string, json: unknown];

/** What sends a forward's packets to their target. */
export function natRules(forward: Forward, tag: string, spares: readonly string[] = []): NftRule[] {
    const { protocol, inInterface, toAddress, toPort } = forward;
    const toHost = match("fib daddr type local", "==", { fib: { result: "type", flags: ["daddr"] } }, "local");
    const port = match(`${protocol} dport ${ports(forward, "-")}`, "==", payload(protocol, "dport"), portsOf(forward));
    const dnat: Part = [
        `dnat to ${toAddress}${toPort === undefined ? "" : `:${toPort}`}`,
        { dnat: { addr: toAddress, ...(toPort !== undefined && { port: toPort }) } },
    ];
    const link =
        inInterface === undefined ? [] : [match(`iifname "${inInterface}"`, "==", meta("iifname"), inInterface)];
    const spared = spares.map((address) =>
        rule("prerouting", tag, [
            network("ip daddr", "==", payload("ip", "daddr"), address),
            port,
            ["return", { return: null }],
        ]),
    );
    const outside = sources(forward).map((source) =>
        rule("prerouting", tag, [...link, ...from("ip saddr", payload("ip", "saddr"), source), toHost, port, dnat]),
    );
    // the host's own words to itself never leave the loopback addresses
    const notLoop = network("ip daddr", "!=", payload("ip", "daddr"), "127.0.0.0/8");
    return [...spared, ...outside, ...(forward.local ? [rule("output", tag, [notLoop, toHost, port, dnat])] : [])];
}

/** What tells Docker's own nftables rules to let the forwarded flow through, told by its first and its final destination. */
export function markRules(forward: Forward, tag: string, mark: Mark): NftRule[] {
    const { protocol, toAddress, toPort } = forward;
    const given = toPort === undefined ? forward : { from: toPort, to: toPort };
    const ct = (key: string, dir: string): unknown => ({ ct: { key, dir } });
    return sources(forward).map((source) =>
        rule("forward", tag, [
            match(`meta l4proto ${protocol}`, "==", meta("l4proto"), protocol),
            match("ct status dnat", "in", { ct: { key: "status" } }, "dnat"),
            ...from("ct original ip saddr", ct("ip saddr", "original"), source),
            match(`ct reply ip saddr ${toAddress}`, "==", ct("ip saddr", "reply"), toAddress),
            match(`ct original proto-dst ${ports(forward, "-")}`, "==", ct("proto-dst", "original"), portsOf(forward)),
            match(`ct reply proto-src ${ports(given, "-")}`, "==", ct("proto-src", "reply"), portsOf(given)),
            setMark(mark),
        ]),
    );
}

/** The whole table as `nft -f` reads it; nothing where there is no rule. */
export function tableText(rules: readonly NftRule[]): string {
    if (rules.length === 0) return "";
    const used = Object.entries(hooks).filter(([name]) => rules.some(({ chain }) => chain === name));
    const chains = used.map(
        ([name, { type, hook, prio }]) =>
            `add chain ip ${ownTable} ${name} { type ${type} hook ${hook} priority ${prio}; policy accept; }`,
    );
    return [`add table ip ${ownTable}`, ...chains, ...rules.map(({ text }) => text), ""].join("\n");
}

/** Those rules that the host's table does not have, or has where no packet comes by. */
export function missingIn(native: readonly NftTable[], rules: readonly NftRule[]): string[] {
    const table = own(native);
    const hooked = (name: Chain): boolean => {
        const { type, hook, prio } = hooks[name];
        return (table?.chains ?? []).some(
            (chain) => chain.name === name && chain.type === type && chain.hook === hook && chain.prio === prio,
        );
    };
    const have = table && expressionsOf(table);
    const isThere = ({ chain, json }: NftRule): boolean =>
        hooked(chain) &&
        (have?.get(`${chain} ${json.comment}`) ?? []).some((expr) => isDeepStrictEqual(expr, normal(json.expr)));
    return rules.filter((each) => !isThere(each)).map(({ text }) => text);
}

const tables = new WeakMap<NftTable, Map<string, unknown[]>>();

/** The rules of a table by chain and comment, worked out once for all forwards. */
function expressionsOf(table: NftTable): ReadonlyMap<string, unknown[]> {
    const known = tables.get(table);
    if (known) return known;
    const expressions = new Map<string, unknown[]>();
    for (const { chain, comment = "", expr } of table.rules) {
        const key = `${chain} ${comment}`;
        expressions.set(key, [...(expressions.get(key) ?? []), normal(expr)]);
    }
    tables.set(table, expressions);
    return expressions;
}

/** What each rule of the host's table says that it is for. */
export const commentsIn = (native: readonly NftTable[]): string[] =>
    (own(native)?.rules ?? []).map(({ comment = "" }) => comment);

const own = (native: readonly NftTable[]): NftTable | undefined =>
    native.find(({ family, name }) => family === "ip" && name === ownTable);

/** Releases of nft print a list of one as a list or as its element. */
const normal = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.length === 1 ? normal(value[0]) : value.map(normal);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, normal(each)]));
};

function rule(chain: Chain, tag: string, parts: readonly Part[]): NftRule {
    const comment = `${commentPrefix}${tag}`;
    const text = [`add rule ip ${ownTable} ${chain}`, ...parts.map(([part]) => part), `comment "${comment}"`].join(" ");
    return { chain, text, json: { chain, comment, expr: parts.map(([, part]) => part) } };
}

const meta = (key: string): unknown => ({ meta: { key } });
const payload = (protocol: string, field: string): unknown => ({ payload: { protocol, field } });
const match = (text: string, op: string, left: unknown, right: unknown): Part => [text, { match: { op, left, right } }];
const portsOf = ({ from: first, to }: Pick<Forward, "from" | "to">): unknown =>
    first === to ? first : { range: [first, to] };
const from = (text: string, left: unknown, source: string | undefined): Part[] =>
    source === undefined ? [] : [network(text, "==", left, source)];

function network(text: string, op: "==" | "!=", left: unknown, value: string): Part {
    const [addr = "", length = "32"] = cidr(value).split("/");
    const printed = length === "32" ? addr : `${addr}/${length}`;
    const right = length === "32" ? addr : { prefix: { addr, len: Number(length) } };
    return match(`${text} ${op === "!=" ? "!= " : ""}${printed}`, op, left, right);
}

/** In the form to which the kernel brings it. */
function setMark(mark: Mark): Part {
    const { value, mask } = maskOf(mark);
    const hex = (number: number): string => `0x${number.toString(16).padStart(8, "0")}`;
    const set = (text: string, json: unknown): Part => [
        `meta mark set ${text}`,
        { mangle: { key: meta("mark"), value: json } },
    ];
    if (mask === 0xffffffff) return set(hex(value), value);
    if (mask === value) return set(`meta mark | ${hex(value)}`, { "|": [meta("mark"), value] });
    const kept = (~mask | value) >>> 0;
    return set(`meta mark & ${hex(kept)} | ${hex(value)}`, { "|": [{ "&": [meta("mark"), kept] }, value] });
}
