/** The part of JSON Schema that the property tables produce. */
export interface JsonSchema {
    type?: string;
    enum?: unknown[];
    const?: unknown;
    anyOf?: JsonSchema[];
    items?: JsonSchema;
    properties?: Record<string, JsonSchema>;
    additionalProperties?: JsonSchema | boolean;
    required?: string[];
    description?: string;
    $ref?: string;
}

const simple: Record<string, string> = { string: "string", number: "number", integer: "number", boolean: "boolean" };

/** The TypeScript type of a property; `named` says which objects have a name of their own. */
export function typeOf(schema: JsonSchema, named: (schema: JsonSchema) => string | undefined): string {
    const name = named(schema);
    if (name) return name;
    if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
    if (schema.anyOf) return schema.anyOf.map((each) => typeOf(each, named)).join(" | ");
    if (schema.type === "array") {
        const item = schema.items ? typeOf(schema.items, named) : "unknown";
        return /[ |]/.test(item) ? `(${item})[]` : `${item}[]`;
    }
    if (schema.properties) {
        const parts = Object.entries(schema.properties).map(
            ([key, each]) => `${key}${schema.required?.includes(key) ? "" : "?"}: ${typeOf(each, named)}`,
        );
        return `{ ${parts.join("; ")} }`;
    }
    if (typeof schema.additionalProperties === "object")
        return `Record<string, ${typeOf(schema.additionalProperties, named)}>`;
    return simple[schema.type ?? ""] ?? "unknown";
}

/** Is this the schema of a connection? It is the one object with a `perDialTimeout`. */
export const connectionName = (schema: JsonSchema): string | undefined =>
    schema.$ref !== undefined || schema.properties?.["perDialTimeout"] ? "ConnectionArgs" : undefined;

/** The described parts of an object, also where it is one of several types. */
export function partsOf({ properties, anyOf = [] }: JsonSchema): string[] {
    const objects = anyOf.filter((each) => each.properties && !connectionName(each));
    return Object.entries(properties ?? objects[0]?.properties ?? {}).map(
        ([key, { description }]) => `- \`${key}\`: ${description ?? ""}`,
    );
}
