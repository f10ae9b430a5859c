import type { ZodError } from "zod";
import type { CheckFailure, Definition, Property, Values, Zod } from "../resource";
import { isHidden } from "../resource";
import { describeIssue, nearestBranch } from "./messages";
import { unfit } from "./nesting";
import { hasUnknown, unknownValue, valueAt } from "./unknown";

type Issue = ZodError["issues"][number];

/** Checks inputs against the table: one failure per mistake, each naming its property. */
export async function checkProperties(definition: Definition, inputs: Values): Promise<CheckFailure[]> {
    const { z } = await import("zod");
    const failures: CheckFailure[] = [];
    for (const [name, value] of Object.entries(inputs)) {
        if (isHidden(name) || value === undefined) continue;
        const property = Object.hasOwn(definition.properties, name) ? definition.properties[name] : undefined;
        if (!property) {
            failures.push({ property: name, reason: await unknownProperty(name, definition) });
            continue;
        }
        const problem = unfit(value);
        if (problem !== undefined) {
            failures.push({ property: name, reason: `${name} ${problem}.` });
            continue;
        }
        const parsed = schemaOf(property, z).safeParse(value);
        for (const issue of parsed.success ? [] : parsed.error.issues) {
            const decided = decidedPart(issue, value);
            if (decided) failures.push(describeIssue(name, decided, value, property));
        }
    }
    for (const [name, property] of Object.entries(definition.properties)) {
        if (property.required && inputs[name] === undefined) {
            failures.push({ property: name, reason: `${name} is required: ${property.doc}` });
        }
    }
    return failures;
}

const schemas = new WeakMap<Property, ReturnType<Property["schema"]>>();

/** Made once: zod takes milliseconds for a schema as deep as a connection's, and every resource is checked. */
function schemaOf(property: Property, z: Zod): ReturnType<Property["schema"]> {
    const schema = schemas.get(property) ?? property.schema(z);
    schemas.set(property, schema);
    return schema;
}

/** A mistake inside a value that is not decided yet is no mistake; what is decided of a union may be one. */
function decidedPart(issue: Issue, value: unknown): Issue | undefined {
    const at = valueAt(value, issue.path);
    if (at === unknownValue) return undefined;
    if (!hasUnknown(at)) return issue;
    if (issue.code === "custom") return undefined;
    if (issue.code !== "invalid_union") return issue;
    // a union reports at its own place, although only a part of it is undecided
    const nearest = nearestBranch(issue)?.flatMap((each) => decidedPart(each, at) ?? []) ?? [];
    const { code, path, message } = issue;
    return nearest.length > 0 ? { code, path, message, errors: [nearest] } : undefined;
}

async function unknownProperty(name: string, definition: Definition): Promise<string> {
    const { closest } = await import("fastest-levenshtein");
    const known = Object.keys(definition.properties);
    const near = closest(
        name.toLowerCase(),
        known.map((each) => each.toLowerCase()),
    );
    const suggestion = known.find((each) => each.toLowerCase() === near);
    const { distance } = await import("fastest-levenshtein");
    if (suggestion && distance(name.toLowerCase(), near) <= Math.max(2, name.length / 3)) {
        return `unknown property "${name}". Did you mean "${suggestion}"?`;
    }
    const output = Object.hasOwn(definition.outputs, name) ? " It is an output and cannot be set." : "";
    return `unknown property "${name}".${output} Known are: ${known.join(", ")}.`;
}
