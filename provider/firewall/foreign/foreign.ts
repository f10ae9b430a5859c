import type { SavedRule } from "../save";
import type { Conditions, Protocol } from "./conditions";
import type { Target } from "./target";

/** A rule that is not ours and sends packets elsewhere, read to its end. */
export interface Foreign {
    /** As the host prints it. */
    line: string;
    conditions: Conditions;
    /** Undefined where it is not understood what it does. */
    target: Target | undefined;
    /** It takes what comes from outside, or what the host itself sends. */
    from: "outside" | "host" | "both";
    /** The program whose chain it stands in. */
    program?: string;
    place: Place;
}

/** Where it stands, with what is needed to take it out exactly; in a place of another kind it stays. */
export type Place =
    | { kind: "iptables"; rule: SavedRule }
    | { kind: "firewalld"; zone: string; entry: string | string[] }
    | { kind: "other"; what: string };

/** The forward that does just what a foreign rule does. */
export interface Twin {
    protocol: Protocol;
    from: number;
    to: number;
    toAddress: string;
    toPort: number | undefined;
    sourceCidrs?: readonly [string];
    inInterface?: string;
    zone?: string;
    local?: true;
}
