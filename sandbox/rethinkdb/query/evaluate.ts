import { ERROR, RESPONSE } from "../protocol";
import { ReqlError } from "../reql-error";
import { Call, asDatum, type Scope } from "./call";
import { fieldTerms } from "./terms/fields";
import { functionTerms } from "./terms/functions";
import { logicTerms } from "./terms/logic";
import { sequenceTerms } from "./terms/sequences";
import { sourceTerms } from "./terms/sources";
import type { Term } from "./terms/term";
import { writeTerms } from "./terms/writes";
import { type Datum, isObject, type Value } from "./values";

const terms = new Map<number, Term>(
    [fieldTerms, functionTerms, logicTerms, sequenceTerms, sourceTerms, writeTerms]
        .flat()
        .map((term) => [term.number, term]),
);

/** Evaluates a term of the wire: [number, arguments, options], an object of terms, or plain data. */
export function evaluate(term: unknown, scope: Scope): Value {
    if (Array.isArray(term)) {
        const [number, args = [], options = {}] = term as [unknown, unknown[]?, Record<string, unknown>?];
        const known = typeof number === "number" ? terms.get(number) : undefined;
        if (!known || !Array.isArray(args)) {
            throw new ReqlError(
                `The sandbox's RethinkDB has no term ${JSON.stringify(number)}: it knows ${[...terms.values()].map(({ name }) => name).join(", ")}.`,
                ERROR.QUERY_LOGIC,
                RESPONSE.COMPILE_ERROR,
            );
        }
        return known.run(new Call(known.name, args, options, scope, evaluate));
    }
    if (!isObject(term)) return term as Datum;
    return Object.fromEntries(
        Object.entries(term).map(([key, value]) => {
            try {
                return [key, asDatum(evaluate(value, scope))];
            } catch (error) {
                if (error instanceof ReqlError) error.backtrace.unshift(key);
                throw error;
            }
        }),
    );
}
