import { ReqlError } from "../../reql-error";
import type { Call } from "../call";
import { type Datum, same, typeName, type Value } from "../values";
import { term } from "./term";

const isTrue = (value: Value): boolean => value !== false && value !== null;

/** RethinkDB's order: by the name of the type first. */
export function compare(a: Datum, b: Datum): number {
    const [typeOfA, typeOfB] = [typeName(a), typeName(b)];
    if (typeOfA !== typeOfB) return typeOfA < typeOfB ? -1 : 1;
    if (Array.isArray(a) && Array.isArray(b)) {
        for (const [index, item] of a.entries()) {
            const other = b[index];
            const order = other === undefined ? 1 : compare(item, other);
            if (order !== 0) return order;
        }
        return a.length - b.length;
    }
    const [left, right] = typeof a === "object" ? [JSON.stringify(a), JSON.stringify(b)] : [a, b];
    return left === right ? 0 : (left as number) < (right as number) ? -1 : 1;
}

/** True when it holds between each argument and the next. */
const chain =
    (holds: (a: Datum, b: Datum) => boolean) =>
    (call: Call): boolean => {
        const values = call.data(0);
        return values.slice(1).every((value, index) => holds(values[index] ?? null, value));
    };

function add(call: Call): Datum {
    const [first, ...rest] = call.data(0);
    return rest.reduce<Datum>((sum, value, index) => {
        if (typeof sum === "number" && typeof value === "number") return sum + value;
        if (typeof sum === "string" && typeof value === "string") return sum + value;
        if (Array.isArray(sum) && Array.isArray(value)) return [...sum, ...value];
        throw call.blame(index + 1, new ReqlError(`Expected type ${typeName(sum)} but found ${typeName(value)}.`));
    }, first ?? null);
}

function branch(call: Call): Value {
    for (let index = 0; index + 1 < call.count; index += 2) {
        if (isTrue(call.datum(index))) return call.value(index + 1);
    }
    return call.value(call.count - 1);
}

export const logicTerms = [
    term(17, "eq", chain(same)),
    term(18, "ne", (call) => !chain(same)(call)),
    term(
        19,
        "lt",
        chain((a, b) => compare(a, b) < 0),
    ),
    term(
        20,
        "le",
        chain((a, b) => compare(a, b) <= 0),
    ),
    term(
        21,
        "gt",
        chain((a, b) => compare(a, b) > 0),
    ),
    term(
        22,
        "ge",
        chain((a, b) => compare(a, b) >= 0),
    ),
    term(23, "not", (call) => !isTrue(call.datum(0))),
    term(66, "or", (call) => call.terms.some((_, index) => isTrue(call.datum(index)))),
    term(67, "and", (call) => call.terms.every((_, index) => isTrue(call.datum(index)))),
    term(24, "add", add),
    term(65, "branch", branch),
    term(52, "typeOf", (call) => typeName(call.value(0))),
];
