import type { ChangeKind, Definition, Property, Values } from "../resource";
import { identical, satisfies } from "./equality";
import { hasUnknown } from "./unknown";

/**
 * The properties that the user's program set, and by path the parts of those that are `parted`: remembered in the state
 * to notice when one is taken out again. A state of 0.1 has no paths, and nothing is known of its parts.
 */
export const setKey = "__set";

/** In the state: what the next `up` has to put right, although no property shows it. */
export const amissKey = "__amiss";

/** In the state: what a run that failed half-way left undone, also once a refresh has taken Pulumi's own note of it. */
export const incompleteKey = "__incomplete";

/** What a state says that the program had set. */
export function namesSet(state: Values | undefined): string[] {
    const names = state?.[setKey];
    return Array.isArray(names) ? names.map(String) : [];
}

export interface Change {
    name: string;
    kind: ChangeKind;
}

/** Every property whose wanted value differs from the state, in the order of the table. */
export function changes(definition: Definition, state: Values, inputs: Values): Change[] {
    const wereSet = new Set(namesSet(state));
    return Object.entries(definition.properties)
        .filter(
            ([name, property]) =>
                differs(property, kindOf(property, state), state[name], inputs[name], wereSet.has(name)) ||
                removedParts(name, [...wereSet], inputs).length > 0,
        )
        .map(([name, property]) => ({ name, kind: kindOf(property, state) }));
}

/** Whether the next `up` has anything to do for a resource. */
export const isToUpdate = (definition: Definition, state: Values, inputs: Values): boolean =>
    state[amissKey] !== undefined ||
    state[incompleteKey] !== undefined ||
    changes(definition, state, inputs).length > 0;

const kindOf = (property: Property, state: Values): ChangeKind =>
    property.unkept?.(state) ? "state-only" : property.change;

function differs(property: Property, kind: ChangeKind, had: unknown, asked: unknown, wasSet: boolean): boolean {
    const [actual, wanted] = property.meaning ? [had, asked].map(property.meaning) : [had, asked];
    if (wanted === undefined) {
        // taken out of the program: back to the default, where there is one
        if (kind === "state-only" || property.cleared) return wasSet;
        return wasSet && property.default !== undefined && !satisfies(actual, property.default, property);
    }
    if (hasUnknown(wanted)) return true;
    if (kind === "state-only" || property.exact) return !identical(actual, wanted);
    return !satisfies(actual, wanted, property);
}

export function setNames(definition: Definition, inputs: Values): string[] {
    return Object.entries(definition.properties)
        .filter(([name]) => inputs[name] !== undefined)
        .flatMap(([name, { parted }]) => [
            name,
            ...(parted ? partsOf(inputs[name]).map((part) => `${name}.${part}`) : []),
        ]);
}

/** The parts of a property that were set, by the state's names, and are not any more. */
export function removedParts(name: string, wereSet: readonly string[], inputs: Values): string[] {
    // what is not decided yet may have them all
    if (hasUnknown(inputs[name])) return [];
    const parts = partsOf(inputs[name]);
    return wereSet
        .filter((each) => each.startsWith(`${name}.`))
        .map((each) => each.slice(name.length + 1))
        .filter((part) => !parts.includes(part));
}

const partsOf = (value: unknown): string[] =>
    typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([part, each]) => (each === undefined ? [] : [part]))
        : [];

/** The state after a change that touches no server: what was read stays, what lives in the state alone is as said now. */
export function restated(definition: Definition, state: Values, inputs: Values): Values {
    const own = Object.entries(definition.properties).filter(
        ([, property]) => kindOf(property, state) === "state-only",
    );
    return {
        ...state,
        ...Object.fromEntries(own.map(([name]) => [name, inputs[name]])),
        __urn: inputs["__urn"],
        [setKey]: setNames(definition, inputs),
    };
}
