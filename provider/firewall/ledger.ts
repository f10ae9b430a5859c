import { IsardvdiError } from "../errors";
import type { BackendName, Forward, Owner } from "./firewall";
import type { Mark } from "./mark";
import { markRules, natRules, type NftRule } from "./own-table";
import { commentPrefix } from "./rules";

/** What the host remembers of one forward; the rules are a function of it. */
export interface Entry {
    owner: Owner;
    forward: Forward;
    backend: BackendName;
    /** firewalld only: what was put in, for its entries carry no name. */
    put?: Put | undefined;
    /** Addresses of the host that somebody else's rule of the same port has, and keeps. */
    spares?: string[] | undefined;
    /** With which Docker's nftables rules let its packets through. */
    mark?: Mark | undefined;
}

/** Where a firewalld forward stands. */
export interface Put {
    zones: string[];
    addresses: string[];
    docker: boolean;
}

/** What of an entry stands in the table of nftables. */
export const nftRulesOf = ({ forward, owner, backend, spares, mark }: Entry): NftRule[] => [
    ...(backend === "nftables" ? natRules(forward, owner.tag, spares) : []),
    ...(mark === undefined ? [] : markRules(forward, owner.tag, mark)),
];

/** By tag. */
export type Ledger = ReadonlyMap<string, Entry>;

/** One JSON text a line: first the version, then a line for each forward. */
export function parseLedger(text: string, host: string): Ledger {
    const { ledger, damage } = salvageLedger(text, host);
    const [first] = damage;
    if (first === undefined) return ledger;
    throw unreadable(host, `it has the line ${JSON.stringify(first.slice(0, 60))}`, lost);
}

/** What can be read of a damaged ledger, and the lines that cannot; one of a later release is not damaged. */
export function salvageLedger(text: string, host: string): { ledger: Ledger; damage: string[] } {
    const lines = text.split("\n").filter((line) => line !== "");
    const read = lines.map((line, index) => ({ line, ...readLine(line, index === 0) }));
    const version = read[0]?.version ?? 1;
    if (version !== 1 && version !== 2)
        throw unreadable(host, `it is of version ${version}, which a later release of this package has written`, later);
    return {
        ledger: new Map(read.flatMap(({ entry }) => (entry ? [[entry.owner.tag, entry] as const] : []))),
        damage: read.flatMap(({ line, entry, version }) => (entry || version !== undefined ? [] : [line])),
    };
}

function readLine(line: string, isHead: boolean): { version?: number; entry?: Entry } {
    try {
        const read = JSON.parse(line) as Partial<Entry> & { version?: number };
        if (isHead && read.version !== undefined) return { version: read.version };
        const { owner, forward, backend } = read;
        return owner?.tag && forward && backend ? { entry: { ...read, owner, forward, backend } } : {};
    } catch {
        return {};
    }
}

const later = "Use that release.";
const lost =
    "Run npx pulumi-isardvdi rebuild-ledger with this connection, which writes it anew from the rules; where these do not " +
    "tell all of it, npx pulumi-isardvdi clear-forwards takes out every forward of ours there, " +
    "and pulumi up --refresh of every stack with forwards on this host puts its own back.";

/** A file that lost its text, or rules that it does not know: what the others have there is not known, so nothing is touched. */
export function assertWhole(isEmptied: boolean, rules: readonly string[], ledger: Ledger, host: string): void {
    if (isEmptied) throw unreadable(host, "the file is there and empty", lost);
    const tags = rules.flatMap((line) => tagged.exec(line)?.[1] ?? []);
    const unknown = [...new Set(tags)].filter((tag) => !ledger.has(tag));
    if (unknown.length > 0)
        throw unreadable(host, `it lacks what its firewall has rules of: ${unknown.slice(0, 5).join(", ")}`, lost);
}
const tagged = new RegExp(`${commentPrefix}([A-Za-z0-9_-]+)`);

const unreadable = (host: string, seen: string, advice: string): IsardvdiError =>
    new IsardvdiError({
        code: "unexpected-answer",
        action: "read",
        resource: `the ledger of forwards of ${host}`,
        seen,
        advice,
    });

/** What 0.1.0 does not know, and so must not touch. */
const isLater = ({ backend, mark }: Entry): boolean => backend === "nftables" || mark !== undefined;

export function formatLedger(entries: Ledger): string {
    if (entries.size === 0) return "";
    const sorted = [...entries.values()].sort((a, b) => (a.owner.tag < b.owner.tag ? -1 : 1));
    return [{ version: sorted.some(isLater) ? 2 : 1 }, ...sorted].map((line) => `${JSON.stringify(line)}\n`).join("");
}
