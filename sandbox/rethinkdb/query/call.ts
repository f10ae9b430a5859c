import type { Database } from "../../database";
import { ERROR, RESPONSE } from "../protocol";
import { ReqlError } from "../reql-error";
import { type Datum, Db, Func, Rows, SingleRow, typeName, type Value, isObject } from "./values";
import { Feed } from "./feed";

export interface User {
    name: string;
    read: boolean;
    write: boolean;
}

/** What a term sees of its surroundings. */
export interface Scope {
    database: Database;
    user: User;
    /** Where a table is looked for when the query names no database. */
    db: unknown;
    variables: ReadonlyMap<number, Datum>;
    /** `r.row`. */
    row: Datum | undefined;
    now: () => number;
}

export type Evaluate = (term: unknown, scope: Scope) => Value;

/** One term with its arguments, each evaluated when it is asked for. */
export class Call {
    constructor(
        readonly name: string,
        readonly terms: readonly unknown[],
        private readonly options: Readonly<Record<string, unknown>>,
        readonly scope: Scope,
        /** For terms that bring a scope of their own. */
        readonly evaluate: Evaluate,
    ) {}

    get count(): number {
        return this.terms.length;
    }

    value(index: number): Value {
        if (index >= this.terms.length) {
            throw new ReqlError(
                `Expected ${index + 1} or more arguments but found ${this.terms.length}.`,
                ERROR.QUERY_LOGIC,
                RESPONSE.COMPILE_ERROR,
            );
        }
        return this.at(index, () => this.evaluate(this.terms[index], this.scope));
    }

    datum(index: number): Datum {
        const value = this.value(index);
        return this.at(index, () => asDatum(value));
    }

    data(from: number): Datum[] {
        return this.terms.slice(from).map((_, offset) => this.datum(from + offset));
    }

    text(index: number): string {
        const value = this.datum(index);
        if (typeof value === "string") return value;
        throw this.blame(index, new ReqlError(`Expected type STRING but found ${typeName(value)}.`));
    }

    number(index: number): number {
        const value = this.datum(index);
        if (typeof value === "number") return value;
        throw this.blame(index, new ReqlError(`Expected type NUMBER but found ${typeName(value)}.`));
    }

    /** A function; anything else is a function that does not look at its argument. */
    func(index: number): Func {
        const value = this.value(index);
        if (value instanceof Func) return value;
        const constant = asDatum(value);
        return new Func(() => constant);
    }

    table(index: number): Rows {
        const value = this.value(index);
        if (value instanceof Rows && value.isTable) return value;
        throw this.blame(index, new ReqlError(`Expected type TABLE but found ${typeName(value)}.`));
    }

    option(name: string): Datum | undefined {
        if (!(name in this.options)) return undefined;
        return this.at(name, () => asDatum(this.evaluate(this.options[name], this.scope)));
    }

    requireWrite(): void {
        if (!this.scope.user.write) throw forbidden(this.scope.user, "write");
    }

    blame(place: number | string, error: ReqlError): ReqlError {
        error.backtrace.unshift(place);
        return error;
    }

    private at<T>(place: number | string, work: () => T): T {
        try {
            return work();
        } catch (error) {
            throw error instanceof ReqlError ? this.blame(place, error) : error;
        }
    }
}

export const forbidden = (user: User, right: string): ReqlError =>
    new ReqlError(`User \`${user.name}\` does not have the required \`${right}\` permission.`, ERROR.PERMISSION);

export function asDatum(value: Value): Datum {
    if (value instanceof Rows) return value.all();
    if (value instanceof SingleRow) return value.row();
    if (value instanceof Feed)
        throw new ReqlError(
            "Cannot call a terminal (`reduce`, `count`, etc.) on an infinite stream (such as a changefeed).",
        );
    if (value instanceof Func || value instanceof Db)
        throw new ReqlError(`Expected type DATUM but found ${typeName(value)}.`);
    return value;
}

export function asObject(value: Datum): { [key: string]: Datum } {
    if (isObject(value)) return value;
    throw new ReqlError(`Expected type OBJECT but found ${typeName(value)}.`);
}
