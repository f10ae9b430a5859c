import { isDeepStrictEqual } from "node:util";
import type { Key, Table } from "../../database";
import type { Row } from "../../row";
import type { Feed } from "./feed";

export type Datum = null | boolean | number | string | Datum[] | { [key: string]: Datum };
/** What a term evaluates to. */
export type Value = Datum | Db | Rows | SingleRow | Func | Feed;

/** One thing done to each row; undefined leaves it out. */
export type Step = (value: Datum) => Datum | undefined;

export class Db {
    constructor(readonly name: string) {}
}

/** A function of the query, over values. */
export class Func {
    constructor(readonly apply: (...values: Datum[]) => Datum) {}
}

export interface TableRef {
    name: string;
    table: Table;
}

const through = (steps: readonly Step[], value: Datum): Datum | undefined =>
    steps.reduce<Datum | undefined>((each, step) => (each === undefined ? undefined : step(each)), value);

/** Rows of a table and what is done to each: as good for a read as for a feed. */
export class Rows {
    constructor(
        readonly source: TableRef,
        private readonly steps: readonly Step[] = [],
        /** Whether its values are whole rows, which alone can be written. */
        readonly isSelection = true,
    ) {}

    get isTable(): boolean {
        return this.steps.length === 0;
    }

    through(step: Step, keepsRows = false): Rows {
        return new Rows(this.source, [...this.steps, step], this.isSelection && keepsRows);
    }

    project(row: Row | undefined): Datum | undefined {
        return row && through(this.steps, row as Datum);
    }

    all(): Datum[] {
        return this.source.table.all().flatMap((row) => {
            const value = this.project(row);
            return value === undefined ? [] : [value];
        });
    }
}

export class SingleRow {
    constructor(
        readonly source: TableRef,
        readonly key: Key,
    ) {}

    row(): Datum {
        return (this.source.table.get(this.key) as Datum | undefined) ?? null;
    }
}

export const isObject = (value: unknown): value is { [key: string]: Datum } =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);

export const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b);

export function typeName(value: Value): string {
    if (value === null) return "NULL";
    if (Array.isArray(value)) return "ARRAY";
    if (value instanceof Db) return "DATABASE";
    if (value instanceof Func) return "FUNCTION";
    if (value instanceof Rows) return value.isTable ? "TABLE" : value.isSelection ? "SELECTION<STREAM>" : "STREAM";
    if (value instanceof SingleRow) return "SELECTION<OBJECT>";
    if (typeof value === "boolean") return "BOOL";
    if (typeof value === "number") return "NUMBER";
    return typeof value === "string" ? "STRING" : "OBJECT";
}
