import type { ChangeKind, Definition, Property, Values } from "../resource";
import { identical, satisfies } from "./equality";
import { hasUnknown } from "./unknown";

/** The properties that the user's program set, remembered in the state to notice when one is taken out again. */
export const setKey = "__set";

/** In the state: what the next `up` has to put right, although no property shows it. */
export const amissKey = "__amiss";

export interface Change {
    name: string;
    kind: ChangeKind;
}

/** Every property whose wanted value differs from the state, in the order of the table. */
export function changes(definition: Definition, state: Values, inputs: Values): Change[] {
    const wereSet = new Set(Array.isArray(state[setKey]) ? (state[setKey] as string[]) : []);
    return Object.entries(definition.properties)
        .filter(([name, property]) => differs(property, state[name], inputs[name], wereSet.has(name)))
        .map(([name, property]) => ({ name, kind: property.change }));
}

function differs(property: Property, actual: unknown, wanted: unknown, wasSet: boolean): boolean {
    if (wanted === undefined) {
        // taken out of the program: back to the default, where there is one
        if (property.change === "state-only" || property.cleared) return wasSet;
        return wasSet && property.default !== undefined && !satisfies(actual, property.default, property);
    }
    if (hasUnknown(wanted)) return true;
    if (property.change === "state-only" || property.exact) return !identical(actual, wanted);
    return !satisfies(actual, wanted, property);
}

export function setNames(definition: Definition, inputs: Values): string[] {
    return Object.keys(definition.properties).filter((name) => inputs[name] !== undefined);
}

/** The user's inputs that live in the state alone, as they are stored there. */
export function stateOnly(definition: Definition, inputs: Values): Values {
    return Object.fromEntries(
        Object.entries(definition.properties)
            .filter(([name, property]) => property.change === "state-only" && inputs[name] !== undefined)
            .map(([name]) => [name, inputs[name]]),
    );
}
