/** A word of sh: where it ends, and what it stands for unless the shell expands something in it. */
export interface Word {
    end: number;
    value: string | undefined;
}

/** Reads the word at `start`; undefined when a quote or an expansion is not closed. */
export function readWord(text: string, start: number): Word | undefined {
    let value = "";
    let expanded = false;
    let at = start;
    while (at < text.length && !/[ \t\n;&|<>()]/.test(text.charAt(at))) {
        const part = reader(text, at)(text, at, at === start || text.charAt(at - 1) === ":");
        if (!part) return undefined;
        if (part.value === undefined) expanded = true;
        else value += part.value;
        at = part.end;
    }
    return { end: at, value: expanded ? undefined : value };
}

type Reader = (text: string, at: number, first: boolean) => Word | undefined;

const readers: Record<string, Reader> = {
    "'": (text, at) => {
        const end = text.indexOf("'", at + 1);
        return end < 0 ? undefined : { end: end + 1, value: text.slice(at + 1, end) };
    },
    '"': readDouble,
    "\\": (text, at) => {
        const next = text.charAt(at + 1);
        // a line that ends in a backslash goes on in the next one
        return { end: Math.min(at + 2, text.length), value: next === "\n" ? "" : next || "\\" };
    },
    $: readDollar,
    "`": (text, at) => closed(text, at, "`", "`"),
    "~": (_text, at, first) => ({ end: at + 1, value: first ? undefined : "~" }),
};

const reader = (text: string, at: number): Reader =>
    readers[text.charAt(at)] ?? (() => ({ end: at + 1, value: text.charAt(at) }));

function readDouble(text: string, start: number): Word | undefined {
    let value = "";
    let expanded = false;
    for (let at = start + 1; at < text.length;) {
        const char = text.charAt(at);
        if (char === '"') return { end: at + 1, value: expanded ? undefined : value };
        const next = text.charAt(at + 1);
        if (char === "\\" && /[$`"\\\n]/.test(next)) {
            value += next === "\n" ? "" : next;
            at += 2;
            continue;
        }
        const part = char === "$" || char === "`" ? reader(text, at)(text, at, false) : { end: at + 1, value: char };
        if (!part) return undefined;
        if (part.value === undefined) expanded = true;
        else value += part.value;
        at = part.end;
    }
    return undefined;
}

function readDollar(text: string, at: number): Word | undefined {
    const next = text.charAt(at + 1);
    if (next === "{") return closed(text, at + 1, "{", "}");
    if (next === "(") return closed(text, at + 1, "(", ")");
    const name = /^\$([A-Za-z_][A-Za-z0-9_]*|[0-9@*#?!$-])/.exec(text.slice(at, at + 256));
    if (name) return { end: at + name[0].length, value: undefined };
    return { end: at + 1, value: "$" };
}

/** Skips to the bracket that closes the one at `start`; what the shell makes of it is not known here. */
function closed(text: string, start: number, open: string, close: string): Word | undefined {
    let depth = 0;
    for (let at = start; at < text.length; at += 1) {
        const char = text.charAt(at);
        if (char === "\\") at += 1;
        else if (char === close && (open !== close || depth > 0)) {
            depth -= 1;
            if (depth === 0) return { end: at + 1, value: undefined };
        } else if (char === open) depth += 1;
    }
    return undefined;
}
