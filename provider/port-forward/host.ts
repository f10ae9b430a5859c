import type { ConnectionArgs } from "../connection";
import type { Configuration } from "../configuration";
import type { Remote } from "../remote/remote";
import { resolveConnection } from "../remote/resolve";
import type { Context } from "../resource";
import type { Inputs } from "./inputs";

/** A machine, and how it is reached. */
export interface Host {
    connection: ConnectionArgs;
    remote: Remote;
}

export async function openHost(
    connection: Inputs["connection"],
    { configuration, remotes }: Pick<Context, "configuration" | "remotes">,
): Promise<Host> {
    const resolved = await connectionOf(connection, configuration);
    return { connection: resolved, remote: remotes.open(resolved) };
}

const named = new WeakMap<Configuration, Map<string, Promise<ConnectionArgs>>>();

/** The connection itself; one with a name is looked up and checked once, however many forwards name it. */
export function connectionOf(connection: Inputs["connection"], configuration: Configuration): Promise<ConnectionArgs> {
    if (typeof connection !== "string") return Promise.resolve(connection);
    const known = named.get(configuration) ?? new Map<string, Promise<ConnectionArgs>>();
    named.set(configuration, known);
    const resolved = known.get(connection) ?? resolveConnection(connection, configuration);
    known.set(connection, resolved);
    return resolved;
}
