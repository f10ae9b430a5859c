import type { Definition, Values } from "../resource";
import type { Seen } from "./host/inspect";
import type { Wish } from "./host/change";
import type { Owner } from "./ledger";
import type { Common } from "./properties";

/** Sees the host again, with these names resolved there. */
export type Look = (names: readonly string[]) => Promise<Seen>;

/** What tells one resource on an isardvdi.cfg from another; the lifecycle is the same. */
export interface Kind<I extends Common> {
    definition: Definition;
    /** How long recreated containers are watched. */
    settleSeconds: number;
    services(inputs: I): readonly string[];
    keys(inputs: I): readonly string[];
    /** Names that must resolve on the host. */
    names(inputs: I): readonly string[];
    /** The lines that follow from the inputs alone, without a secret. */
    lines(inputs: I): string[];
    want(inputs: I, seen: Seen, owner: Owner, look: Look): Promise<Wish>;
    /** Everything of this owner's given back. */
    giveBack(inputs: I, seen: Seen, owner: Owner, look: Look): Promise<Wish>;
    /** Properties and outputs as the host has them. */
    found(inputs: I, seen: Seen): Values;
    /** What is wrong although no property shows it. */
    amiss(inputs: I, seen: Seen, owner: Owner): string[];
}
