import { merged, type Row } from "../../../row";
import { missing, ReqlError } from "../../reql-error";
import { type Call, asDatum } from "../call";
import { Feed } from "../feed";
import { hasFields, pluck, selector, without } from "../selectors";
import { type Datum, Func, isObject, Rows, typeName, type Value } from "../values";
import { term } from "./term";

/** What is done to one object is done to each object of a sequence. */
function each(call: Call, work: (value: Datum) => Datum): Value {
    const source = call.value(0);
    if (source instanceof Rows || source instanceof Feed) return source.through(work);
    const value = asDatum(source);
    if (Array.isArray(value)) return value.map(work);
    if (isObject(value)) return work(value);
    throw call.blame(
        0,
        missing(`Cannot perform ${call.name} on a non-object non-sequence \`${JSON.stringify(value)}\`.`),
    );
}

/** A field of an object; of a sequence, the field of those that have it. */
function field(call: Call): Value {
    const source = call.value(0);
    const key = call.datum(1);
    if (typeof key === "number") return nth(call, asDatum(source), key);
    const name = call.text(1);
    const take = (value: Datum): Datum | undefined => (isObject(value) ? value[name] : undefined);
    if (source instanceof Rows || source instanceof Feed) return source.through(take);
    const value = asDatum(source);
    if (Array.isArray(value)) return value.flatMap((item) => take(item) ?? []);
    if (!isObject(value))
        throw call.blame(
            0,
            missing(`Cannot perform ${call.name} on a non-object non-sequence \`${JSON.stringify(value)}\`.`),
        );
    const found = value[name];
    if (found === undefined)
        throw missing(`No attribute \`${name}\` in object:\n${JSON.stringify(value, undefined, "\t")}`);
    return found;
}

function nth(call: Call, value: Datum, index: number): Datum {
    if (!Array.isArray(value)) throw call.blame(0, new ReqlError(`Cannot convert ${typeName(value)} to SEQUENCE`));
    const found = value.at(index);
    if (found === undefined) throw missing(`Index out of bounds: ${index}`);
    return found;
}

export const fieldTerms = [
    term(31, "getField", field),
    term(170, "bracket", field),
    term(45, "nth", (call) => nth(call, call.datum(0), call.number(1))),
    term(33, "pluck", (call) => {
        const tree = selector(call.data(1));
        return each(call, (value) => pluck(value, tree));
    }),
    term(34, "without", (call) => {
        const tree = selector(call.data(1));
        return each(call, (value) => without(value, tree));
    }),
    term(35, "merge", (call) => {
        const changes = call.terms.slice(1).map((_, index) => call.value(index + 1));
        return each(call, (value) =>
            changes.reduce<Datum>((result, change) => {
                const more = change instanceof Func ? change.apply(result) : asDatum(change);
                return merged(result as Row, more as Row) as Datum;
            }, value),
        );
    }),
    term(32, "hasFields", (call) => {
        const tree = selector(call.data(1));
        const source = call.value(0);
        const keep = (value: Datum): Datum | undefined => (hasFields(value, tree) ? value : undefined);
        if (source instanceof Rows) return source.through(keep, true);
        if (source instanceof Feed) return source.through(keep);
        const value = asDatum(source);
        return Array.isArray(value) ? value.filter((item) => hasFields(item, tree)) : hasFields(value, tree);
    }),
    term(94, "keys", (call) => Object.keys(call.datum(0) as object)),
];
