import type { ConfigurationKey } from "../../provider/configuration-keys";
import type { Definition, Property } from "../../provider/resource";
import { defaultOf, schemaOf } from "./sdk";
import { connectionName, partsOf, typeOf } from "./types";

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The reference page of one resource. */
export function resourcePage({ kind, doc, example, inputsText, properties, outputs }: Definition): string {
    const rows = Object.entries(properties);
    return `<!-- Generated from the property table by "npm run reference"; do not edit. -->

# ${kind}

${doc}

\`\`\`ts
${example}
\`\`\`

## Inputs

${wrapped(inputsText)}

${rows.map(([name, property]) => input(name, property)).join("\n")}
## Outputs

All inputs, read back from the server after each change, and:

${outputTable(outputs)}

## What a change does

| property | change | requests |
| --- | --- | --- |
${rows.map(([name, { change, request }]) => `| \`${name}\` | ${change} | ${cell(request ?? "none")} |`).join("\n")}
`;
}

/** Where a value lives is a column only where some output says so. */
function outputTable(outputs: Definition["outputs"]): string {
    const rows = Object.entries(outputs);
    const placed = rows.some(([, { source }]) => source !== undefined);
    const line = (cells: string[]): string => `| ${cells.slice(0, placed ? 4 : 3).join(" | ")} |`;
    return [
        line(["output", "type", "meaning", "in IsardVDI"]),
        line(["---", "---", "---", "---"]),
        ...rows.map(([name, { type, doc, source }]) =>
            line([`\`${name}\``, cell(`\`${type}\``), cell(doc), cell(source ?? "")]),
        ),
    ].join("\n");
}

/** At 116 columns, as the other text of the pages. */
export function wrapped(text: string): string {
    const lines = [""];
    for (const word of text.split(" ")) {
        const line = lines.at(-1) ?? "";
        if (line && line.length + 1 + word.length > 116) lines.push(word);
        else lines[lines.length - 1] = line ? `${line} ${word}` : word;
    }
    return lines.join("\n");
}

function input(name: string, property: Property): string {
    const schema = schemaOf(property);
    const facts = [
        `type: \`${typeOf(schema, connectionName)}\``,
        property.required ? "required" : `default: ${defaultOf(property)}`,
        ...(property.unit ? [`unit: ${property.unit}`] : []),
        ...(property.secret ? ["secret"] : []),
        ...(property.source ? [`in IsardVDI: ${property.source}`] : []),
    ];
    return `### \`${name}\`\n\n${property.doc}\n\n${facts.map((fact) => `- ${fact}`).join("\n")}\n${partsOf(schema)
        .map((part) => `  ${part}\n`)
        .join("")}`;
}

/** The table of configuration keys. */
export function configurationPage(keys: readonly ConfigurationKey[]): string {
    return `<!-- Generated from the configuration table by "npm run reference"; do not edit. -->

# Configuration

Stack configuration of the namespace \`isardvdi\`; where a key is not set, the environment variable is used.

| key | environment variable | secret | meaning |
| --- | --- | --- | --- |
${keys.map(({ key, environment, secret, doc }) => `| \`isardvdi:${key}\` | \`${environment}\` | ${secret ? "yes" : ""} | ${cell(doc)} |`).join("\n")}

Values of \`rethinkdb\`, \`server\`, \`sites\` and \`connections\` are objects: set their parts with
\`pulumi config set --path 'isardvdi:sites.bcn.apiUrl' https://isard.example.org\`, or give the variable JSON text.
`;
}
