/** A parsed iptables-save: by table, its chains and its rules in order. */
export type Saved = ReadonlyMap<
    string,
    {
        chains: ReadonlySet<string>;
        /** Built-in chains that drop what no rule of theirs takes. */
        drops: ReadonlySet<string>;
        rules: readonly SavedRule[];
    }
>;

export interface SavedRule {
    chain: string;
    /** As printed, "-A CHAIN …". */
    line: string;
    words: readonly string[];
    /** From 1, within its chain. */
    position: number;
}

export function parseSave(text: string): Saved {
    const tables = new Map<string, { chains: Set<string>; drops: Set<string>; rules: SavedRule[] }>();
    const positions = new Map<string, number>();
    let table = "";
    for (const line of text.split("\n")) {
        if (line.startsWith("*")) {
            table = line.slice(1).trim();
            if (!tables.has(table)) tables.set(table, { chains: new Set(), drops: new Set(), rules: [] });
        } else if (line.startsWith(":")) {
            const [chain = "", policy] = line.slice(1).split(" ");
            tables.get(table)?.chains.add(chain);
            if (policy === "DROP") tables.get(table)?.drops.add(chain);
        } else if (line.startsWith("-A ")) {
            const words = splitWords(line);
            const chain = words[1] ?? "";
            const position = (positions.get(`${table} ${chain}`) ?? 0) + 1;
            positions.set(`${table} ${chain}`, position);
            tables.get(table)?.rules.push({ chain, line, words, position });
        }
    }
    return tables;
}

/** Splits as iptables-restore does: blanks outside double quotes, a backslash before a quote within. */
export function splitWords(line: string): string[] {
    const words = line.match(/(?:"(?:\\[^]|[^"\\])*(?:"|\\?$)|[^\s"])+/g) ?? [];
    return words.map((word) =>
        word.replace(/"((?:\\[^]|[^"\\])*)("|\\?$)/g, (all, inner: string, end: string) =>
            // one that never ends is no quote
            end === '"' ? inner.replace(/\\(.)/g, "$1") : all,
        ),
    );
}

/** The value that follows an option. */
export function option(words: readonly string[], ...names: string[]): string | undefined {
    const index = words.findIndex((word) => names.includes(word));
    return index < 0 ? undefined : words[index + 1];
}

/** Whether two lines say the same, whatever their quoting. */
export const plain = (line: string): string => splitWords(line).join(" ");
