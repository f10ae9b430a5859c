import { type ConnectionArgs, connectionOf } from "../connection";
import type { Diagnosis, Place, Subject } from "../diagnosis";
import { gate } from "../isardvdi/gate";
import type { Context } from "../resource";
import type { World } from "../world";
import type { Inputs } from "./wanted";

/** Looks at the machines of a hypervisor that does not come Online. */
export type Explain = (world: World) => Promise<Diagnosis>;

export const subjectOf = ({
    hyperId,
    hostname,
    sshPort,
    enabled,
    registration,
    vpnTunnelingMode,
}: Inputs): Subject => ({
    hyperId,
    hostname,
    sshPort,
    vpnTunnelingMode,
    isDisabledOnPurpose: enabled === false,
    isSelfRegistered: registration === "self",
});

/** Undefined where no machine can be looked at: the record alone is explained without it. */
export function explainerOf(inputs: Inputs, { configuration, remotes, sites }: Context): Explain | undefined {
    const { site, diagnostics } = inputs;
    const server = configuration.server(site);
    const host = diagnostics?.host as ConnectionArgs | string | undefined;
    if (!server && !host) return undefined;
    const place = (connection: ConnectionArgs | string | undefined, why: string): Place =>
        connection ? { remote: remotes.open(connectionOf(connection, configuration)) } : { why };
    const enter = gateOf(remotes);
    return async (world) => {
        const { diagnose } = await import("../diagnosis/index.js");
        const leave = await enter(world.signal);
        return await diagnose(
            {
                subject: subjectOf(inputs),
                api: () => sites.open(site),
                server: place(server, "no isardvdi:server"),
                host: place(host, "no diagnostics.host"),
            },
            world,
        ).finally(leave);
    };
}

/** However many hypervisors wait, so many are looked at at once: each look costs the server some commands. */
const atOnce = 4;
const gates = new WeakMap<Context["remotes"], ReturnType<typeof gate>>();

function gateOf(remotes: Context["remotes"]): ReturnType<typeof gate> {
    const made = gates.get(remotes) ?? gate(atOnce);
    gates.set(remotes, made);
    return made;
}
