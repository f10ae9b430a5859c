import { connectionOf } from "../../connection";
import type { Remote } from "../../remote/remote";
import type { Context } from "../../resource";
import type { Inputs } from "../schema";

/** The hypervisor's own host, where `diagnostics.host` says how it is reached; dialled with the first command. */
export function openHost(
    { diagnostics }: Pick<Inputs, "diagnostics">,
    { configuration, remotes }: Pick<Context, "configuration" | "remotes">,
): Remote | undefined {
    const host = diagnostics?.host;
    if (host === undefined) return undefined;
    return remotes.open(connectionOf(host, configuration));
}
