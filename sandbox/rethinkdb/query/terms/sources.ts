import { failed, missing, ReqlError } from "../../reql-error";
import type { Key } from "../../../database";
import { type Call, forbidden } from "../call";
import { Feed, type FeedOptions } from "../feed";
import { Db, Rows, same, SingleRow, typeName } from "../values";
import { term } from "./term";

/** Where rows come from. */
export const sourceTerms = [
    term(14, "db", (call) => new Db(call.text(0))),
    term(15, "table", (call) => {
        const first = call.value(0);
        const db = first instanceof Db ? first.name : databaseOf(call);
        const name = call.text(first instanceof Db ? 1 : 0);
        const { database, user } = call.scope;
        if (db !== database.name) throw call.blame(0, failed(`Database \`${db}\` does not exist.`));
        const table = database.table(name);
        if (!table) throw failed(`Table \`${db}.${name}\` does not exist.`);
        if (!user.read) throw forbidden(user, "read");
        return new Rows({ name: `${db}.${name}`, table });
    }),
    term(16, "get", (call) => new SingleRow(call.table(0).source, keyOf(call, 1))),
    term(78, "getAll", (call) => {
        const rows = call.table(0);
        const index = call.option("index") === undefined ? "id" : asText(call.option("index"));
        if (index !== "id") throw failed(`Index \`${index}\` was not found on table \`${rows.source.name}\`.`);
        const keys = call.data(1);
        return rows.through((row) => (keys.some((key) => same(key, (row as { id: Key }).id)) ? row : undefined), true);
    }),
    term(59, "dbList", ({ scope }) => [scope.database.name, "rethinkdb", "test"]),
    term(62, "tableList", ({ scope }) => scope.database.names()),
    term(77, "indexList", (call) => (call.table(0), [])),
    term(103, "now", ({ scope }) => ({ $reql_type$: "TIME", epoch_time: scope.now() / 1000, timezone: "+00:00" })),
    term(152, "changes", (call) => {
        const source = call.value(0);
        if (source instanceof Rows || source instanceof SingleRow) return new Feed(source, feedOptions(call));
        if (Array.isArray(source)) throw new ReqlError("Cannot call `changes` on an eager stream.");
        throw call.blame(0, new ReqlError(`Cannot convert ${typeName(source)} to SEQUENCE`));
    }),
];

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function databaseOf({ scope }: Call): string {
    const db = scope.db;
    // a query's own `db` option is the term db(NAME)
    const name: unknown = Array.isArray(db) ? (db as [number, unknown[]])[1]?.[0] : db;
    return typeof name === "string" ? name : "test";
}

function keyOf(call: Call, index: number): Key {
    const key = call.datum(index);
    if (typeof key === "string" || typeof key === "number") return key;
    if (key === null) throw call.blame(index, missing("Keys cannot be NULL."));
    throw call.blame(
        index,
        new ReqlError(
            `Primary keys must be either a number, string, bool, pseudotype or array (got type ${typeName(key)}):\n${JSON.stringify(key)}`,
        ),
    );
}

function feedOptions(call: Call): FeedOptions {
    const flag = (name: string): boolean => call.option(name) === true;
    const squash = call.option("squash") ?? false;
    if (typeof squash !== "boolean" && (typeof squash !== "number" || squash < 0)) {
        throw call.blame("squash", new ReqlError(`Expected BOOL or NUMBER but found ${typeName(squash)}.`));
    }
    return {
        includeInitial: flag("include_initial"),
        includeStates: flag("include_states"),
        includeTypes: flag("include_types"),
        squash,
    };
}
