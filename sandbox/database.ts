import { merged, type Row } from "./row";

export type Change = (before: Row | undefined, after: Row | undefined) => void;
/** A primary key: text almost everywhere, but `config` has the number 1. */
export type Key = string | number;

/** One table with its changefeed. */
export class Table {
    private readonly rows = new Map<Key, Row>();
    private readonly listeners = new Set<Change>();

    get(id: Key): Row | undefined {
        const row = this.rows.get(id);
        return row && structuredClone(row);
    }

    all(): Row[] {
        return [...this.rows.values()].map((row) => structuredClone(row));
    }

    has(id: Key): boolean {
        return this.rows.has(id);
    }

    /** Insert with conflict "update". */
    upsert(id: Key, row: Row): void {
        this.write(id, merged(this.rows.get(id) ?? {}, { ...row, id }));
    }

    /** An update of a missing row is silently nothing. */
    update(id: Key, change: Row): boolean {
        const before = this.rows.get(id);
        if (before) this.write(id, merged(before, change));
        return before !== undefined;
    }

    /** The whole row: what it does not name is gone. */
    put(id: Key, row: Row): void {
        this.write(id, { ...structuredClone(row), id });
    }

    delete(id: Key): boolean {
        const before = this.rows.get(id);
        if (!before) return false;
        this.rows.delete(id);
        for (const listener of this.listeners) listener(before, undefined);
        return true;
    }

    onChange(listener: Change): () => void {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }

    private write(id: Key, after: Row): void {
        const before = this.rows.get(id);
        this.rows.set(id, after);
        for (const listener of this.listeners) listener(before, structuredClone(after));
    }
}

export class Database {
    readonly name = "isard";
    readonly hypervisors = new Table();
    readonly interfaces = new Table();
    private readonly tables = new Map<string, Table>([
        ["hypervisors", this.hypervisors],
        ["interfaces", this.interfaces],
        ["config", tableOf({ id: 1, maintenance: false, engine: { intervals: { status_polling: 10 } } })],
        ["engine", tableOf({ id: "engine", status_all_threads: "Started" })],
    ]);

    table(name: string): Table | undefined {
        return this.tables.get(name);
    }

    names(): string[] {
        return [...this.tables.keys()].sort();
    }
}

function tableOf(row: Row & { id: Key }): Table {
    const table = new Table();
    table.upsert(row.id, row);
    return table;
}
