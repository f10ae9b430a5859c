import type { Owner } from "../firewall";

/** What rules tell of a forward, or why they do not tell all of it. */
export type Told<T> = { told: T } | { why: string };

/** No rule says a resource's name; the next change of that resource writes it. */
export const lostOwner = (tag: string): Owner => ({
    tag,
    name: `a resource whose name the ledger has lost (tag ${tag})`,
});
