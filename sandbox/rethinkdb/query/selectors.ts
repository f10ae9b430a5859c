import { ReqlError } from "../reql-error";
import { type Datum, isObject, same } from "./values";

/** A tree of field names: `true` takes the whole field. */
type Tree = Map<string, Tree | true>;

/** "a", ["a", "b"] and {a: {b: true}} alike, as pluck, without and has_fields take them. */
export function selector(patterns: Datum[]): Tree {
    const tree: Tree = new Map();
    const add = (pattern: Datum): void => {
        if (typeof pattern === "string") tree.set(pattern, true);
        else if (Array.isArray(pattern)) pattern.forEach(add);
        else if (isObject(pattern)) {
            for (const [name, part] of Object.entries(pattern)) tree.set(name, part === true ? true : selector([part]));
        } else throw new ReqlError(`Invalid path argument \`${JSON.stringify(pattern)}\`.`);
    };
    patterns.forEach(add);
    return tree;
}

export function pluck(value: Datum, tree: Tree): Datum {
    if (Array.isArray(value)) return value.map((each) => pluck(each, tree));
    if (!isObject(value)) return value;
    const result: Record<string, Datum> = {};
    for (const [name, part] of tree) {
        const field = value[name];
        if (field === undefined) continue;
        if (part === true) result[name] = field;
        // a deeper pattern takes nothing from a field that has no depth
        else if (isObject(field) || Array.isArray(field)) result[name] = pluck(field, part);
    }
    return result;
}

export function without(value: Datum, tree: Tree): Datum {
    if (Array.isArray(value)) return value.map((each) => without(each, tree));
    if (!isObject(value)) return value;
    return Object.fromEntries(
        Object.entries(value).flatMap(([name, field]) => {
            const part = tree.get(name);
            if (part === true) return [];
            return [[name, part ? without(field, part) : field]];
        }),
    );
}

/** Null counts as absent. */
export function hasFields(value: Datum, tree: Tree): boolean {
    if (!isObject(value)) return false;
    return [...tree].every(([name, part]) => {
        const field = value[name];
        return field !== undefined && field !== null && (part === true || hasFields(field, part));
    });
}

/** An object as a predicate: every field of it must be equal, objects in it only in part. */
export function matches(value: Datum, pattern: Datum): boolean {
    if (!isObject(pattern)) return same(value, pattern);
    return (
        isObject(value) &&
        Object.entries(pattern).every(([name, part]) => value[name] !== undefined && matches(value[name], part))
    );
}
