import { asObject } from "../is-object";
import type { Generation } from "./api";

export type Row = Record<string, unknown>;

/** How a value is read from a row, whatever the server wrote there, and written back. */
export interface Codec<T> {
    read(value: unknown): T;
    /** As the row has it; the value itself where this is absent. */
    write?(value: T): unknown;
    /** As a registration has it; as the row has it where this is absent. */
    send?(value: T): unknown;
    /** The fields of an object, which a registration has side by side with all others. */
    parts?: Fields;
}

export interface FieldOptions {
    /** Its name in a registration; absent where that has none, or each part a name of its own. */
    register?: string;
    /** What API v3's registration makes of it: it knows no such name, or compares it with Python's own spelling. */
    v3?: "unknown" | "spelled";
    /** Whether the table update may change it on a live row. */
    patch?: true;
    /** What the feed asks for, where that is not just the columns. */
    pluck?: readonly unknown[];
    /** What IsardVDI itself gives a record that says nothing. */
    unsaid?: readonly unknown[];
}

export type Field<T> = FieldOptions & {
    /** The first one that is there is read, all are written. */
    columns: readonly string[];
    codec: Codec<T>;
};

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValuesOf<F extends Fields> = { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export const field = <T, const O extends FieldOptions>(
    column: string | readonly string[],
    codec: Codec<T>,
    options?: O,
) => ({
    columns: typeof column === "string" ? [column] : column,
    codec,
    ...(options as O),
});

export function text(): Codec<string | undefined>;
export function text(fallback: string): Codec<string>;
export function text(fallback?: unknown): Codec<unknown> {
    return { read: (value) => (typeof value === "string" ? value : fallback) };
}

/** A text that is there and not empty. */
export const filled: Codec<string | undefined> = { read: (value) => text().read(value) || undefined };

/** A word of a few; one that we do not know is passed on as it is. */
export const word = <T extends string | undefined>(fallback: T): Codec<T> => ({
    read: (value) => (typeof value === "string" ? (value as T) : fallback),
});

export function number(): Codec<number | undefined>;
export function number(fallback: number): Codec<number>;
export function number(fallback?: unknown): Codec<unknown> {
    return { read: (value) => (typeof value === "number" ? value : fallback) };
}

export const flag: Codec<boolean> = { read: (value) => value === true };

/** Written as text: v4 refuses a number, and a number in the row breaks the list for everyone. */
export const port = (fallback: number): Codec<number> => ({
    read(value) {
        const parsed = Number(value);
        return Number.isInteger(parsed) && parsed > 0 ? parsed : fallback;
    },
    write: String,
});

export const texts: Codec<string[]> = {
    read: (value) => (Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : []),
    send: (value) => value.join(",") || undefined,
};

/** One text inside an object of which we keep nothing else. */
export const inside = (key: string): Codec<string | undefined> => ({
    read: (value) => text().read(asObject(value)[key]),
});

/** Its fields stand in a constant of their own: written in place they would lose their types. */
export const parts = <F extends Fields>(all: F): Codec<ValuesOf<F>> => ({
    read: (value) => readFields(all, value),
    write: (value) => rowOf(all, value),
    parts: all,
});

/** The values of a row; what has no field stays behind here. */
export function readFields<F extends Fields>(all: F, value: unknown): ValuesOf<F> {
    const row = asObject(value);
    const read = ({ columns, codec }: Field<unknown>): unknown =>
        codec.read(columns.map((column) => row[column]).find((each) => each !== undefined && each !== null));
    return Object.fromEntries(Object.entries(all).map(([name, each]) => [name, read(each)])) as ValuesOf<F>;
}

/** The columns of those values that are given. */
export function rowOf(all: Fields, values: Readonly<Row>): Row {
    return Object.fromEntries(
        Object.entries(all).flatMap(([name, { columns, codec }]) => {
            const value = values[name];
            if (value === undefined) return [];
            const written = codec.write ? codec.write(value) : value;
            return columns.map((column) => [column, written]);
        }),
    );
}

/** Those values that are given, side by side under their names in a registration, as this generation spells them. */
export function registrationFields(all: Fields, values: Readonly<Row>, generation: Generation): Row {
    return Object.fromEntries(
        Object.entries(all).flatMap(([name, { register, v3, codec }]): [string, unknown][] => {
            const value = values[name];
            if (value === undefined) return [];
            if (codec.parts) return Object.entries(registrationFields(codec.parts, asObject(value), generation));
            const sent = codec.send ? codec.send(value) : codec.write ? codec.write(value) : value;
            if (register === undefined || sent === undefined) return [];
            if (generation === "v4") return [[register, sent]];
            if (v3 === "unknown") return [];
            return [[register, v3 === "spelled" ? (sent === true ? "True" : "False") : sent]];
        }),
    );
}
