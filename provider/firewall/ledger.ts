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

/** By tag. */
export type Ledger = ReadonlyMap<string, Entry>;

/** One JSON text a line: first the version, then a line for each forward. */
export function parseLedger(text: string): Ledger {
    const lines = text.split("\n").filter((line) => line.startsWith("{"));
    const entries = lines.slice(1).map((line) => JSON.parse(line) as Entry);
    return new Map(entries.map((entry) => [entry.owner.tag, entry]));
}

export function formatLedger(entries: Ledger): string {
    if (entries.size === 0) return "";
    const sorted = [...entries.values()].sort((a, b) => (a.owner.tag < b.owner.tag ? -1 : 1));
    return [{ version: 1 }, ...sorted].map((line) => `${JSON.stringify(line)}\n`).join("");
}
