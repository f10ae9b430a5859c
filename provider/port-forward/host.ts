import type { ConnectionArgs } from "../connection";
import type { Configuration } from "../configuration";
import type { Remote } from "../remote/remote";
import type { Context } from "../resource";
import type { Inputs } from "./inputs";

/** A machine, and how it is reached. */
export interface Host {
    connection: ConnectionArgs;
    remote: Remote;
}

export function openHost(
    connection: Inputs["connection"],
    { configuration, remotes }: Pick<Context, "configuration" | "remotes">,
): Host {
    const resolved = connectionOf(connection, configuration);
    return { connection: resolved, remote: remotes.open(resolved) };
}

/** The connection itself, or the configuration's by its name. */
export const connectionOf = (connection: Inputs["connection"], configuration: Configuration): ConnectionArgs =>
    typeof connection === "string" ? configuration.connection(connection) : connection;
