/** A value as a TypeScript program writes it. */
export function literal(value: unknown, indent = ""): string {
    const deeper = `${indent}    `;
    if (Array.isArray(value)) {
        const flat = `[${value.map((each) => literal(each, deeper)).join(", ")}]`;
        if (indent.length + flat.length < 100 && !flat.includes("\n")) return flat;
        return `[\n${value.map((each) => `${deeper}${literal(each, deeper)},\n`).join("")}${indent}]`;
    }
    if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
    const parts = Object.entries(value).map(([name, each]) => `${keyOf(name)}: ${literal(each, deeper)}`);
    const flat = parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
    if (indent.length + flat.length < 80 && !flat.includes("\n")) return flat;
    return `{\n${parts.map((part) => `${deeper}${part},\n`).join("")}${indent}}`;
}

export const keyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** Text that must not end a comment, nor begin another line. */
export const comment = (text: string): string => `// ${text.replaceAll(/[\r\n\u2028\u2029]+/g, " ")}`;
