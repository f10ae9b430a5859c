import { isObject } from "../is-object";
import type { Property } from "../resource";

/** Whether the server's value is what the user asked for; parts that were not asked for do not count. */
export function satisfies(actual: unknown, wanted: unknown, property?: Property): boolean {
    if (property?.unordered && Array.isArray(actual) && Array.isArray(wanted)) return sameMembers(actual, wanted);
    if (Array.isArray(wanted)) {
        return (
            Array.isArray(actual) &&
            actual.length === wanted.length &&
            wanted.every((each, i) => satisfies(actual[i], each))
        );
    }
    if (isObject(wanted)) {
        if (!isObject(actual)) return false;
        return Object.entries(wanted).every(([key, value]) => value === undefined || satisfies(actual[key], value));
    }
    return actual === wanted;
}

/** Equal down to the last part: for values that live in the state alone. */
export function identical(a: unknown, b: unknown): boolean {
    return satisfies(a, b) && satisfies(b, a);
}

function sameMembers(a: unknown[], b: unknown[]): boolean {
    const text = (list: unknown[]): string => [...new Set(list.map((each) => JSON.stringify(each)))].sort().join();
    return text(a) === text(b);
}
