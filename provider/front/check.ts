import { checkProperties } from "../property/check";
import { changes, isToUpdate } from "../property/changes";
import type { Context, Resource, Values } from "../resource";
import { plainValues } from "./protocol";

export async function check(olds: Values, news: Values, { definition, lifecycle }: Resource, context: Context) {
    const failures = await checkProperties(definition, news);
    // what needs two properties is told only when each is right by itself
    const state = Object.keys(olds).length > 0 ? olds : undefined;
    if (failures.length === 0) failures.push(...lifecycle.validate(news, context, state));
    if (failures.length > 0 || !lifecycle.foresee) return { inputs: news, failures };
    return { inputs: plainValues({ ...news, ...(await lifecycle.foresee(news, state, context)) }), failures };
}

export function diff(olds: Values, news: Values, { definition }: Resource) {
    const found = changes(definition, olds, news);
    const replaces = found.filter(({ kind }) => kind === "replace").map(({ name }) => name);
    return {
        changes: isToUpdate(definition, olds, news),
        replaces,
        deleteBeforeReplace: replaces.length > 0 && definition.deleteBeforeReplace === true,
    };
}
