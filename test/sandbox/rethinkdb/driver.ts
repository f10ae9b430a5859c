import { r as driver, type Connection } from "rethinkdb-ts";
import type { SandboxRethinkdb } from "../../../sandbox";

type Term =
    | "table"
    | "db"
    | "get"
    | "getAll"
    | "filter"
    | "pluck"
    | "without"
    | "hasFields"
    | "merge"
    | "map"
    | "orderBy"
    | "limit"
    | "count"
    | "contains"
    | "default"
    | "and"
    | "or"
    | "not"
    | "eq"
    | "ne"
    | "lt"
    | "ge"
    | "gt"
    | "add"
    | "match"
    | "changes"
    | "insert"
    | "update"
    | "replace"
    | "delete"
    | "tableList"
    | "expr"
    | "error"
    | "desc";

/** The driver's terms without its types of results, which take the compiler minutes. */
export type Query = Record<Term, (...values: unknown[]) => Query> &
    ((field: string) => Query) & { run<T>(connection?: Connection): Promise<T> };

export const r = driver as unknown as Query & { row: Query };

/** A connection as a user's own script opens it. */
export function connect(
    database: SandboxRethinkdb | undefined,
    options: { user?: string; password?: string; db?: string; tls?: object } = {},
): Promise<Connection> {
    if (!database) throw new Error("the sandbox serves no database");
    const { host, port } = database;
    const { tls, ...rest } = options;
    const server = tls ? { host, port, tls: true, ...tls } : { host, port };
    return driver.connect({ server, db: "isard", silent: true, timeout: 5, ...rest });
}

/** The failure of a query that must fail. */
export async function refused(query: Promise<unknown>): Promise<{ name: string; msg: string; message: string }> {
    try {
        await query;
    } catch (error) {
        return error as { name: string; msg: string; message: string };
    }
    throw new Error("it must be refused");
}
