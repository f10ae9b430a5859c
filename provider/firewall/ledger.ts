import type { BackendName, Forward, Owner } from "./firewall";

/** What the host remembers of one forward; the rules are a function of it. */
export interface Entry {
    owner: Owner;
    forward: Forward;
    backend: BackendName;
    /** firewalld only: what was put in, for its entries carry no name. */
    put?: Put | undefined;
}

/** Where a firewalld forward stands. */
export interface Put {
    zones: string[];
    addresses: string[];
    docker: boolean;
}

/** How the host was before our first forward: what the last one gives back. */
export interface Before {
    ipForward: string;
    /** Tables that were not there at all. */
    absent: string[];
}

export interface Ledger {
    before: Before | undefined;
    entries: ReadonlyMap<string, Entry>;
}

export const emptyLedger: Ledger = { before: undefined, entries: new Map() };

/** One JSON text a line: first how the host was, then a line for each forward, by tag. */
export function parseLedger(text: string): Ledger {
    const lines = text.split("\n").filter((line) => line.startsWith("{"));
    const [head, ...rest] = lines.map((line) => JSON.parse(line) as unknown);
    if (head === undefined) return emptyLedger;
    const entries = (rest as Entry[]).map((entry) => [entry.owner.tag, entry] as const);
    return { before: (head as { before: Before }).before, entries: new Map(entries) };
}

export function formatLedger({ before, entries }: Ledger): string {
    if (entries.size === 0) return "";
    const sorted = [...entries.values()].sort((a, b) => (a.owner.tag < b.owner.tag ? -1 : 1));
    return [{ version: 1, before }, ...sorted].map((line) => `${JSON.stringify(line)}\n`).join("");
}
