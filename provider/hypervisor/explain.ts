import { type ConnectionArgs, connectionOf } from "../connection";
import type { Diagnosis, Place } from "../diagnosis";
import type { Context } from "../resource";
import type { World } from "../world";
import type { Inputs } from "./wanted";

/** Looks at the machines of a hypervisor that does not come Online. */
export type Explain = (world: World) => Promise<Diagnosis>;

/** Undefined where no machine can be looked at: the record alone is explained without it. */
export function explainerOf(
    { hyperId, hostname, sshPort, enabled, site, diagnostics }: Inputs,
    { configuration, remotes, sites }: Context,
): Explain | undefined {
    const server = configuration.server(site);
    const host = diagnostics?.host as ConnectionArgs | string | undefined;
    if (!server && !host) return undefined;
    const place = (connection: ConnectionArgs | string | undefined, why: string): Place =>
        connection ? { remote: remotes.open(connectionOf(connection, configuration)) } : { why };
    return async (world) => {
        const { diagnose } = await import("../diagnosis/index.js");
        return diagnose(
            {
                subject: { hyperId, hostname, sshPort, isDisabledOnPurpose: enabled === false },
                api: () => sites.open(site),
                server: place(server, "no isardvdi:server"),
                host: place(host, "no diagnostics.host"),
            },
            world,
        );
    };
}
