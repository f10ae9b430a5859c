import { randomUUID } from "node:crypto";
import type { Key, Table } from "../../../database";
import { merged, type Row } from "../../../row";
import { ReqlError } from "../../reql-error";
import { asObject, type Call } from "../call";
import { type Datum, Func, Rows, same, SingleRow, typeName } from "../values";
import { term } from "./term";

/** What a write answers: how many rows it did what to, and the changes where they are asked for. */
class Tally {
    private readonly counts = { deleted: 0, errors: 0, inserted: 0, replaced: 0, skipped: 0, unchanged: 0 };
    private readonly changes: Datum[] = [];
    private firstError: string | undefined;
    readonly generated: string[] = [];

    count(what: keyof Tally["counts"], before: Datum, after: Datum): void {
        this.counts[what] += 1;
        if (!same(before, after)) this.changes.push({ new_val: after, old_val: before });
    }

    fail(message: string): void {
        this.counts.errors += 1;
        this.firstError ??= message;
    }

    answer(returnChanges: Datum | undefined): Datum {
        return {
            ...this.counts,
            ...(this.firstError !== undefined && { first_error: this.firstError }),
            ...(this.generated.length > 0 && { generated_keys: this.generated }),
            ...(returnChanges && { changes: this.changes }),
        };
    }
}

function insert(call: Call): Datum {
    const { table } = call.table(0).source;
    call.requireWrite();
    const given = call.datum(1);
    const conflict = call.option("conflict") ?? "error";
    const tally = new Tally();
    for (const item of Array.isArray(given) ? given : [given]) {
        const row = { ...asObject(item) };
        if (row["id"] === undefined) tally.generated.push((row["id"] = randomUUID()));
        const id = row["id"] as Key;
        const before = (table.get(id) as Datum | undefined) ?? null;
        if (before !== null && conflict === "error") {
            const show = (value: Datum): string => JSON.stringify(value, undefined, "\t");
            tally.fail(`Duplicate primary key \`id\`:\n${show(before)}\n${show(row)}`);
        } else
            write(
                table,
                id,
                before,
                conflict === "update" ? (merged((before ?? {}) as Row, row) as Datum) : row,
                tally,
            );
    }
    return tally.answer(call.option("return_changes"));
}

function write(table: Table, id: Key, before: Datum, after: Datum, tally: Tally): void {
    if (same(before, after)) return tally.count("unchanged", before, after);
    if (after === null) table.delete(id);
    else table.put(id, asObject(after));
    tally.count(before === null ? "inserted" : after === null ? "deleted" : "replaced", before, after);
}

/** Update, replace and delete: the rows that are chosen, each changed by a function of it. */
const changing =
    (change: (call: Call) => (row: Datum) => Datum, onMissing: "skip" | "insert") =>
    (call: Call): Datum => {
        const chosen = call.value(0);
        call.requireWrite();
        const apply = change(call);
        const tally = new Tally();
        if (chosen instanceof SingleRow) {
            const before = chosen.row();
            if (before === null && onMissing === "skip") tally.count("skipped", null, null);
            else write(chosen.source.table, chosen.key, before, apply(before), tally);
        } else if (chosen instanceof Rows && chosen.isSelection) {
            for (const row of chosen.all())
                write(chosen.source.table, asObject(row)["id"] as Key, row, apply(row), tally);
        } else throw call.blame(0, new ReqlError(`Expected type SELECTION but found ${typeName(chosen)}.`));
        return tally.answer(call.option("return_changes"));
    };

const valueOf = (call: Call): ((row: Datum) => Datum) => {
    const given = call.value(1);
    const constant = given instanceof Func ? undefined : call.datum(1);
    return (row) => (given instanceof Func ? given.apply(row) : (constant ?? null));
};

export const writeTerms = [
    term(56, "insert", insert),
    term(
        53,
        "update",
        changing((call) => {
            const value = valueOf(call);
            return (row) => merged(row as Row, asObject(value(row))) as Datum;
        }, "skip"),
    ),
    term(55, "replace", changing(valueOf, "insert")),
    term(
        54,
        "delete",
        changing(() => () => null, "skip"),
    ),
];
