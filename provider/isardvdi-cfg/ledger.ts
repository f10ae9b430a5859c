/** Who may change a key: the id is in the state, the name is the resource's URN, for messages. */
export interface Owner {
    id: string;
    name: string;
}

/** What is kept on the host about our keys of one file, so that whoever comes later can put them back. */
export interface Ledger {
    owners: Record<string, string>;
    keys: Record<string, Claim>;
    /** Parts of the video proxy's list, by owner. */
    shares: Record<string, Share>;
}

export interface Claim {
    owner: string;
    /** The source of the value before us; null when there was no line. */
    previous: string | null;
    /** Ours; two while a change is under way. */
    written: string[];
}

export interface Share {
    hostnames: string[];
    ports: string;
}

export const emptyLedger: Ledger = { owners: {}, keys: {}, shares: {} };

/** What other resources of this one's name hold becomes its own: their deletion finds nothing of theirs then. */
export function handedOver({ owners, keys, shares }: Ledger, { id, name }: Owner): Ledger {
    const isFormer = (owner: string): boolean => owner !== id && owners[owner] === name;
    const now = (owner: string): string => (isFormer(owner) ? id : owner);
    return {
        owners: { ...owners, [id]: name },
        keys: Object.fromEntries(Object.entries(keys).map(([key, held]) => [key, { ...held, owner: now(held.owner) }])),
        shares: Object.fromEntries(Object.entries(shares).map(([owner, share]) => [now(owner), share])),
    };
}

/** Throws on anything else than what `printLedger` wrote. */
export function parseLedger(text: string): Ledger {
    if (text === "") return emptyLedger;
    const { owners, keys, shares } = JSON.parse(text) as Partial<Ledger>;
    if (!owners || !keys || !shares) throw new SyntaxError("a part is missing");
    return { owners, keys, shares };
}

/** Empty when nobody owns anything, which takes the file away. */
export function printLedger({ owners, keys, shares }: Ledger): string {
    const holders = new Set([...Object.values(keys).map(({ owner }) => owner), ...Object.keys(shares)]);
    if (holders.size === 0) return "";
    const named = Object.fromEntries(Object.entries(owners).filter(([id]) => holders.has(id)));
    return `${JSON.stringify({ owners: named, keys, shares }, undefined, 1)}\n`;
}

/** Holds on the way from one to the other: an owner of either can still be told, whenever the way is cut off. */
export function union(before: Ledger, after: Ledger): Ledger {
    const keys = { ...before.keys, ...after.keys };
    for (const [key, claim] of Object.entries(after.keys)) {
        const written = new Set([...claim.written, ...(before.keys[key]?.written ?? [])]);
        keys[key] = { ...claim, written: [...written] };
    }
    return { owners: { ...before.owners, ...after.owners }, keys, shares: { ...before.shares, ...after.shares } };
}
