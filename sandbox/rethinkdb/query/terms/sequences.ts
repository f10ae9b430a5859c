import { ERROR } from "../../protocol";
import { ReqlError } from "../../reql-error";
import { type Call, asDatum } from "../call";
import { Feed } from "../feed";
import { matches } from "../selectors";
import { type Datum, Func, isObject, Rows, same, typeName, type Value } from "../values";
import { compare } from "./logic";
import { term } from "./term";

class Ordering {
    constructor(
        readonly by: string | Func,
        readonly descending: boolean,
    ) {}

    of(value: Datum): Datum {
        if (this.by instanceof Func) return this.by.apply(value);
        return isObject(value) ? (value[this.by] ?? null) : null;
    }
}
const orderings = new WeakMap<Func, Ordering>();

/** A list of values, whatever they come from; a feed has no end and is none. */
function list(call: Call, index: number): Datum[] {
    const value = asDatum(call.value(index));
    if (Array.isArray(value)) return value;
    throw call.blame(index, new ReqlError(`Cannot convert ${typeName(value)} to SEQUENCE`));
}

function filter(call: Call): Value {
    const source = call.value(0);
    const predicate = call.value(1);
    const test = predicate instanceof Func ? forgiving(predicate, call.option("default") === true) : undefined;
    const pattern = test ? undefined : asDatum(predicate);
    const keeps = test ?? ((value: Datum) => (isObject(pattern) ? matches(value, pattern) : pattern === true));
    const step = (value: Datum): Datum | undefined => (keeps(value) ? value : undefined);
    if (source instanceof Rows) return source.through(step, true);
    if (source instanceof Feed) return source.through(step);
    return list(call, 0).filter(keeps);
}

/** A field that is not there makes a row fall through, or pass with the option `default: true`. */
const forgiving =
    (func: Func, whenMissing: boolean) =>
    (value: Datum): boolean => {
        try {
            const result = func.apply(value);
            return result !== false && result !== null;
        } catch (error) {
            if (error instanceof ReqlError && error.kind === ERROR.NON_EXISTENCE) return whenMissing;
            throw error;
        }
    };

function map(call: Call): Value {
    const source = call.value(0);
    const func = call.func(1);
    if (source instanceof Rows || source instanceof Feed) return source.through((value) => func.apply(value));
    return list(call, 0).map((value) => func.apply(value));
}

const ordered =
    (descending: boolean) =>
    (call: Call): Func => {
        const by = call.value(0);
        const handle = new Func((value) => value);
        orderings.set(handle, new Ordering(by instanceof Func ? by : call.text(0), descending));
        return handle;
    };

function orderBy(call: Call): Datum {
    const index = call.option("index");
    const keys = call.terms.slice(1).map((_, offset) => {
        const by = call.value(offset + 1);
        if (by instanceof Func) return orderings.get(by) ?? new Ordering(by, false);
        return new Ordering(call.text(offset + 1), false);
    });
    if (index !== undefined) keys.push(new Ordering(typeof index === "string" ? index : "id", false));
    return list(call, 0).sort((a, b) => {
        for (const key of keys) {
            const order = compare(key.of(a), key.of(b));
            if (order !== 0) return key.descending ? -order : order;
        }
        return 0;
    });
}

export const sequenceTerms = [
    term(39, "filter", filter),
    term(38, "map", map),
    term(41, "orderBy", orderBy),
    term(73, "asc", ordered(false)),
    term(74, "desc", ordered(true)),
    term(71, "limit", (call) => list(call, 0).slice(0, call.number(1))),
    term(70, "skip", (call) => list(call, 0).slice(call.number(1))),
    term(43, "count", (call) => list(call, 0).length),
    term(86, "isEmpty", (call) => list(call, 0).length === 0),
    term(93, "contains", (call) => {
        const items = list(call, 0);
        return call.terms.slice(1).every((_, offset) => {
            const wanted = call.value(offset + 1);
            if (wanted instanceof Func) return items.some((item) => wanted.apply(item) === true);
            return items.some((item) => same(item, asDatum(wanted)));
        });
    }),
];
