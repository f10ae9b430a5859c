import { type ConnectionArgs, connectionOf } from "../connection";
import type { Diagnosis, Finding, Place, Subject } from "../diagnosis";
import { type ErrorCode, IsardvdiError } from "../errors";
import { gate } from "../isardvdi/gate";
import type { Context } from "../resource";
import type { World } from "../world";
import { pauses } from "./register";
import type { Inputs } from "./schema";

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
    const host = diagnostics?.host;
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

type Precheck = (world: World) => Promise<void>;

/** Throws what the server says already of a registration that would fail; undefined where it cannot be asked. */
export function precheckOf(inputs: Inputs, { configuration, remotes }: Context): Precheck | undefined {
    const server = configuration.server(inputs.site);
    if (!server) return undefined;
    return precheck(inputs.hyperId, async (world) => {
        const { foresee } = await import("../diagnosis/index.js");
        const remote = remotes.open(connectionOf(server, configuration));
        return await foresee(subjectOf(inputs), { remote }, world);
    });
}

/** A port that is just being opened is given its time; a name or a key does not come by itself. */
export const precheck =
    (hyperId: string, ask: (world: World) => Promise<Finding | undefined>): Precheck =>
    async (world) => {
        for (const pause of [...pauses, undefined]) {
            const finding = await ask(world);
            if (!finding) return;
            if (pause === undefined || finding.step !== "ssh") throw unregistrable(finding, hyperId);
            world.log.status(`${finding.seen}; looking again in ${pause / 1000} s`);
            await world.clock.sleep(pause, world.signal);
        }
    };

const codes: Record<string, ErrorCode> = { ssh: "ssh-unreachable", dns: "dns", key: "certificates" };

const unregistrable = ({ step, seen, advice }: Finding, hyperId: string): IsardvdiError =>
    new IsardvdiError({
        code: codes[step] ?? "rejected",
        action: "register",
        resource: `hypervisor "${hyperId}"`,
        seen,
        advice: `${advice} It stays registered and in service as it was.`,
        property: step === "key" ? undefined : "hostname",
    });

/** However many hypervisors wait, so many are looked at at once: each look costs the server some commands. */
const atOnce = 4;
const gates = new WeakMap<Context["remotes"], ReturnType<typeof gate>>();

function gateOf(remotes: Context["remotes"]): ReturnType<typeof gate> {
    const made = gates.get(remotes) ?? gate(atOnce);
    gates.set(remotes, made);
    return made;
}
