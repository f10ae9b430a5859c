import { checkProperties } from "../property/check";
import { changes } from "../property/changes";
import type { Context, Resource, Values } from "../resource";

export async function check(inputs: Values, { definition, lifecycle }: Resource, context: Context) {
    const failures = await checkProperties(definition, inputs);
    // what needs two properties is told only when each is right by itself
    if (failures.length === 0) failures.push(...lifecycle.validate(inputs, context));
    return { inputs, failures };
}

export function diff(olds: Values, news: Values, { definition }: Resource) {
    const found = changes(definition, olds, news);
    const replaces = found.filter(({ kind }) => kind === "replace").map(({ name }) => name);
    return {
        changes: found.length > 0,
        replaces,
        deleteBeforeReplace: replaces.length > 0 && definition.deleteBeforeReplace === true,
    };
}
