import { escaped, printable } from "../../provider/printable";

/** A value as a TypeScript program writes it. */
export function literal(value: unknown, indent = ""): string {
    const deeper = `${indent}    `;
    if (Array.isArray(value)) {
        const flat = `[${value.map((each) => literal(each, deeper)).join(", ")}]`;
        if (indent.length + flat.length < 100 && !flat.includes("\n")) return flat;
        return `[\n${value.map((each) => `${deeper}${literal(each, deeper)},\n`).join("")}${indent}]`;
    }
    if (typeof value !== "object" || value === null) return value === undefined ? "undefined" : quoted(value);
    const parts = Object.entries(value).map(([name, each]) => `${keyOf(name)}: ${literal(each, deeper)}`);
    const flat = parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
    if (indent.length + flat.length < 80 && !flat.includes("\n")) return flat;
    return `{\n${parts.map((part) => `${deeper}${part},\n`).join("")}${indent}}`;
}

export const keyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** Whoever reads the program in a terminal sees what others wrote, and is not commanded by it. */
export const quoted = (value: unknown): string => escaped(JSON.stringify(value));

/** Text that must not end a comment, nor begin another line. */
export const comment = (text: string): string => `// ${printable(text).replaceAll(/[\r\n\u2028\u2029]+/g, " ")}`;
