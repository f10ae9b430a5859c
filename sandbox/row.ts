/** A document of a table: what RethinkDB would hold. */
export type Row = Record<string, unknown>;

export function isRow(value: unknown): value is Row {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RethinkDB's update: objects are merged, arrays and scalars replaced, no key is ever removed. */
export function merged(base: Row, change: Row): Row {
    const result: Row = { ...base };
    for (const [key, value] of Object.entries(change)) {
        if (value === undefined) continue;
        const before = result[key];
        result[key] = isRow(value) ? merged(isRow(before) ? before : {}, value) : structuredClone(value);
    }
    return result;
}

export function part(row: Row | undefined, key: string): Row {
    const value = row?.[key];
    return isRow(value) ? value : {};
}

export function text(row: Row | undefined, key: string): string {
    const value = row?.[key];
    return typeof value === "string" ? value : "";
}

export function strings(row: Row | undefined, key: string): string[] {
    const value = row?.[key];
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
