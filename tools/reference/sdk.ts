import { z } from "zod";
import type { Definition, Property } from "../../provider/resource";
import { connectionName, type JsonSchema, partsOf, typeOf } from "./types";

export const schemaOf = (property: Property): JsonSchema =>
    z.toJSONSchema(property.schema(z), { unrepresentable: "any", io: "input" }) as JsonSchema;

export function defaultOf({ default: value, defaultText, required }: Property): string {
    if (required) return "required";
    if (defaultText) return defaultText;
    return value === undefined
        ? "none"
        : `\`${JSON.stringify(value).replaceAll('":', '": ').replaceAll(',"', ', "')}\``;
}

/** The TypeScript file that users' programs see: arguments with docs, and which of them are secret. */
export function sdkFile({ kind, properties, outputs }: Definition): string {
    const args = Object.entries(properties).map(([name, property]) => {
        const optional = property.required ? "" : "?";
        return `${comment(lines(name, property))}    ${name}${optional}: DeepInput<${typeOf(schemaOf(property), connectionName)}>;\n`;
    });
    const declared = [
        ...Object.entries(properties).map(([name, property]) => output(name, property.doc, outputType(property))),
        ...Object.entries(outputs).map(([name, { doc, type }]) => output(name, doc, type)),
    ];
    const secrets = Object.entries(properties).filter(([, { secret }]) => secret);
    const uses = args.some((each) => each.includes("ConnectionArgs"))
        ? 'import type { ConnectionArgs } from "../../provider/connection";\n'
        : "";
    const prefix = kind.charAt(0).toLowerCase() + kind.slice(1);
    return `// Generated from the property table by "npm run reference"; do not edit.
import type * as pulumi from "@pulumi/pulumi";
${uses}import type { DeepInput } from "../deep-input";
import { Resource } from "../resource";

/** Arguments of \`${kind}\`. */
export interface ${kind}Args {
${args.join("")}}

/** Outputs of \`${kind}\`: its arguments as the server has them, and what it has beside them. */
export abstract class ${kind}Outputs extends Resource {
${declared.join("")}}

/** Names of every argument and result, which the engine fills in. */
export const ${prefix}Names: readonly string[] = ${JSON.stringify([...Object.keys(properties), ...Object.keys(outputs)])};

/** Arguments that are secret wherever they stand. */
export const ${prefix}Secrets: readonly string[] = ${JSON.stringify(secrets.map(([name]) => name))};
`;
}

const output = (name: string, doc: string, type: string): string =>
    `    /** ${doc} */\n    declare readonly ${name}: pulumi.Output<${type}>;\n`;

/** As the state has it: whole where the server tells it, and perhaps not there where only the program does. */
function outputType(property: Property): string {
    const schema = schemaOf(property);
    if (property.told) return typeOf({ ...schema, required: Object.keys(schema.properties ?? {}) }, connectionName);
    return `${typeOf(schema, connectionName)}${property.required ? "" : " | undefined"}`;
}

const changeText = {
    replace: "A change replaces the resource.",
    update: "",
    "state-only": "A change touches no server.",
};

function lines(name: string, property: Property): string[] {
    const unit = property.unit ? ` Unit: ${property.unit}.` : "";
    const change = changeText[property.change];
    return [
        property.doc + unit,
        ...partsOf(schemaOf(property)),
        ...(property.required ? [] : [`Default: ${defaultOf(property)}.`]),
        ...(change ? [change] : []),
        ...(property.example ? [`@example ${name}: ${property.example}`] : []),
    ];
}

const comment = (text: string[]): string =>
    text.length === 1
        ? `    /** ${text[0] ?? ""} */\n`
        : `    /**\n${text.map((line) => `     * ${line}\n`).join("")}     */\n`;
