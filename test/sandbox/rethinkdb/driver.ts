import { r, type Connection } from "rethinkdb-ts";
import type { SandboxRethinkdb } from "../../../sandbox";

/** A connection as a user's own script opens it. */
export function connect(
    database: SandboxRethinkdb | undefined,
    options: { user?: string; password?: string; db?: string; tls?: object } = {},
): Promise<Connection> {
    if (!database) throw new Error("the sandbox serves no database");
    const { host, port } = database;
    const { tls, ...rest } = options;
    const server = tls ? { host, port, tls: true, ...tls } : { host, port };
    return r.connect({ server, db: "isard", silent: true, timeout: 5, ...rest });
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
