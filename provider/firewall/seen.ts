import { IsardvdiError } from "../errors";
import { sectionsOf } from "./host/answer";
import { parseFirewalld } from "./foreign/firewalld-settings";
import { type NftTable, parseNft } from "./foreign/nft";
import { assertWhole, type Ledger, parseLedger, salvageLedger } from "./ledger";
import { commentsIn } from "./own-table";
import { bridgesInRules, dockerOf, type DockerSeen, type LinkKind, parseLinks } from "./links";
import { parseSave, type Saved } from "./save";

/** One iptables of a host: Debian has two, each with rules of its own. */
export interface Tool {
    variant: "nft" | "legacy" | "plain";
    /** Absolute: "/usr/sbin/iptables-nft". */
    path: string;
    saved: Saved;
}

export interface ZoneSeen {
    interfaces: string[];
    sources: string[];
    /** Port, protocol, target port, target address. */
    forwardPorts: string[][];
    richRules: string[];
}

/** firewalld's run-time and permanent settings, as far as forwards go. */
export interface FirewalldSeen {
    backend: string;
    defaultZone: string;
    zones: Record<string, ZoneSeen>;
    permanent: Record<string, Pick<ZoneSeen, "forwardPorts" | "richRules">>;
    /** Absent before firewalld 0.9. */
    policies?: Record<string, Pick<ZoneSeen, "forwardPorts" | "richRules"> & { ingress: string[] }>;
    /** Table, chain, arguments. */
    direct: [string, string, string[]][];
    permanentDirect: [string, string, string[]][];
    /** Permanent chains of the direct interface: family, table, chain. */
    chain: string[][];
}

/** Everything that one look at a host saw. */
export interface Seen {
    machineId: string;
    ipForward: string;
    ledger: Ledger;
    /** What is wrong with it; anything at all is an error where it is not to be written anew. */
    damage: readonly string[];
    /** The ledger to which a change that nobody confirms goes back. */
    before: Ledger;
    tools: Tool[];
    /** What plain `iptables` is. */
    usual: "nft" | "legacy";
    firewalld: FirewalldSeen | undefined;
    /** IPv4 addresses with global scope, and how long the network of each is. */
    addresses: { link: string; address: string; bits: number }[];
    links: ReadonlyMap<string, LinkKind>;
    docker: DockerSeen;
    /** Tables of nftables, those without any rule included. */
    nftTables: string[];
    /** Tables of nftables that are neither iptables' nor firewalld's. */
    native: NftTable[];
    persist: ReadonlySet<string>;
    fingerprint: string;
    isRoot: boolean;
}

/** What may be wrong with the ledger. */
export interface Leniency {
    /** Anything: all of ours is to go. */
    isCleared?: boolean;
    /** What can be read of it counts, and the rest is to be found in the rules. */
    isRebuilt?: boolean;
}

export function parseSeen(stdout: string, host: string, { isCleared = false, isRebuilt = false }: Leniency = {}): Seen {
    const sections = sectionsOf(stdout);
    const text = (name: string): string => sections.find((section) => section.name === name)?.text ?? "";
    const firewalld = text("firewalld");
    const tools = sections
        .filter(({ name }) => name === "save")
        .map(({ words: [variant, path = ""], text: save }) => ({
            variant: variant as Tool["variant"],
            path,
            saved: savedOf(save, path, host),
        }));
    const native = sections
        .filter(({ name }) => name === "nft")
        .map(({ words, text: table }) => nftOf(words, table, host));
    const links = parseLinks(text("links"));
    const isEmptied = sections.some(({ name }) => name === "zero");
    const { ledger, damage } = isRebuilt
        ? salvageLedger(text("ledger"), host)
        : { ledger: isCleared ? new Map() : parseLedger(text("ledger"), host), damage: [] };
    const seen: Seen = {
        machineId: text("machine"),
        ipForward: text("ipforward"),
        ledger,
        damage: isEmptied ? ["the file is there and empty", ...damage] : damage,
        before: isCleared || isRebuilt ? new Map() : parseLedger(text("before"), host),
        tools,
        usual: text("default").includes("legacy") ? "legacy" : "nft",
        firewalld: firewalldOf(firewalld, host),
        addresses: [...text("addresses").matchAll(/^\d+: (\S+)\s+inet ([\d.]+)(?:\/(\d+))?/gm)].map(
            ([, link = "", address = "", bits = "32"]) => ({ link, address, bits: Number(bits) }),
        ),
        links,
        docker: dockerOf(
            sections.find(({ name }) => name === "docker"),
            links,
            bridgesInRules(
                tools.map(({ saved }) => saved),
                native,
            ),
        ),
        native,
        nftTables: [...text("nftables").matchAll(/^table ip (\S+)/gm)].map(([, name = ""]) => name),
        persist: new Set(text("persist").split("\n").filter(Boolean)),
        fingerprint: text("fingerprint"),
        isRoot: !sections.some(({ name }) => name === "notroot"),
    };
    // in the middle of a change its rules and its ledger are of two moments
    if (isCleared || isRebuilt || seen.persist.has("armed")) return seen;
    const rules = seen.tools.flatMap(({ saved }) => [...saved.values()].flatMap((table) => table.rules));
    assertWhole(isEmptied, [...rules.map(({ line }) => line), ...commentsIn(seen.native)], seen.ledger, host);
    return seen;
}

/** What cannot be read may forward anything, so nothing is decided from the rest. */
export const notUnderstood = (host: string, seen: string, advice: string): IsardvdiError =>
    new IsardvdiError({ code: "unsupported", action: "understand the firewall of", resource: host, seen, advice });

function firewalldOf(text: string, host: string): FirewalldSeen | undefined {
    if (!text.startsWith("{")) return undefined;
    const settings = parseFirewalld(text);
    if (settings) return settings;
    throw notUnderstood(host, "firewalld's settings are not told in a form that is known", told);
}

const told = "Look at firewall-cmd --list-all-zones there, and run again; nothing was changed.";

function nftOf([family = "", name = ""]: readonly string[], text: string, host: string): NftTable {
    const table = parseNft(text);
    if (table) return table;
    throw notUnderstood(
        host,
        `the nft table ${family} ${name} is not printed in the form of libnftables JSON schema 1`,
        `Look at what "nft -j list table ${family} ${name}" prints there; nothing was changed.`,
    );
}

function savedOf(save: string, path: string, host: string): Saved {
    const [, table] = /^# Table `(\w+)' is incompatible/m.exec(save) ?? [];
    if (table === undefined) return parseSave(save);
    throw notUnderstood(
        host,
        `${path} cannot print the table ${table}, for it has rules that only nft knows`,
        `Move those rules into a table of their own ("nft list table ip ${table}" shows them); nothing was changed.`,
    );
}
