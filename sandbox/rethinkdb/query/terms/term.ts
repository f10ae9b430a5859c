import type { Call } from "../call";
import type { Value } from "../values";

/** A word of ReQL: its number on the wire and what it does. */
export interface Term {
    number: number;
    name: string;
    run: (call: Call) => Value;
}

export const term = (number: number, name: string, run: (call: Call) => Value): Term => ({ number, name, run });
