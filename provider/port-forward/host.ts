import type { ConnectionArgs } from "../connection";
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
    const resolved = await resolveConnection(connection, configuration);
    return { connection: resolved, remote: remotes.open(resolved) };
}
