import { merged, type Row } from "./row";

export type Change = (before: Row | undefined, after: Row | undefined) => void;

/** One table with its changefeed. */
export class Table {
    private readonly rows = new Map<string, Row>();
    private readonly listeners = new Set<Change>();

    get(id: string): Row | undefined {
        const row = this.rows.get(id);
        return row && structuredClone(row);
    }

    all(): Row[] {
        return [...this.rows.values()].map((row) => structuredClone(row));
    }

    has(id: string): boolean {
        return this.rows.has(id);
    }

    /** Insert with conflict "update". */
    upsert(id: string, row: Row): void {
        this.write(id, merged(this.rows.get(id) ?? {}, { ...row, id }));
    }

    /** An update of a missing row is silently nothing. */
    update(id: string, change: Row): boolean {
        const before = this.rows.get(id);
        if (before) this.write(id, merged(before, change));
        return before !== undefined;
    }

    delete(id: string): boolean {
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

    private write(id: string, after: Row): void {
        const before = this.rows.get(id);
        this.rows.set(id, after);
        for (const listener of this.listeners) listener(before, structuredClone(after));
    }
}

export class Database {
    readonly hypervisors = new Table();
    readonly interfaces = new Table();
    private readonly tables = new Map<string, Table>([
        ["hypervisors", this.hypervisors],
        ["interfaces", this.interfaces],
    ]);

    table(name: string): Table | undefined {
        return this.tables.get(name);
    }
}
