import { type ConnectionArgs, connectionOf } from "../connection";
import type { Remote } from "../remote/remote";
import type { Context } from "../resource";
import type { Inputs } from "./schema";

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
