import type { GetNetworkResult } from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { HypervisorHostArgs } from "./args";
import { dockerPackage } from "./packages";
import type { HostPlan } from "./plan";

type Given = Exclude<HypervisorHostArgs["connection"], string>;
interface Seen {
    id: string;
    address: string;
}

/** Of IsardVDI's containers, whatever the release. */
const network = "isard-network";

/**
 * How @pulumi/docker reaches the host's engine: it starts the machine's own ssh, which takes an agent's keys or those
 * of ~/.ssh but no key from a text; undefined where the connection has such a key, a password or a jump host.
 */
export function dockerReach(
    connection: Given,
): { host: pulumi.Output<string>; sshOpts: pulumi.Output<string[]> } | undefined {
    const { host, port, user, password, privateKey, proxy, hostKey, agentSocketPath, perDialTimeout } = connection;
    if (password !== undefined || privateKey !== undefined || proxy !== undefined) return undefined;
    const options = pulumi.all([hostKey, agentSocketPath, perDialTimeout]).apply(([key = "", agent, seconds]) => [
        ...["-o", "BatchMode=yes", "-o", `ConnectTimeout=${seconds ?? 15}`],
        "-o",
        "StrictHostKeyChecking=yes",
        // the pinned key alone, whatever known_hosts has; %H is the name that ssh looks for, [host]:port where it is not 22
        ...["-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null"],
        ...["-o", `KnownHostsCommand=/bin/echo %H ${key.trim().split(/\s+/, 2).join(" ")}`],
        ...(agent === undefined ? [] : ["-o", `IdentityAgent=${agent}`]),
    ]);
    return { host: pulumi.interpolate`ssh://${user ?? "root"}@${host}:${port ?? 22}`, sshOpts: options };
}

/** Containers by the name of the service, as the host's own look printed them. */
export const containersOf = (printed: string): Record<string, Seen> =>
    Object.fromEntries(
        printed
            .split("\n")
            .map((line) => line.trim().split(" "))
            .filter((words): words is [string, string, string] => words.length === 3)
            .map(([name, id, address]) => [name, { id, address }]),
    );

/**
 * Reads the containers through @pulumi/docker at each run, and says where one is no longer as the forwards need it. The
 * network lists them by their names; a resource that is read by its id ends the run once somebody has recreated it.
 */
export function readContainers(
    plan: HostPlan,
    connection: Given,
    printed: pulumi.Output<string>,
    name: string,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<Record<string, string>> {
    const found = printed.apply(containersOf);
    const reach = dockerReach(connection);
    if (!reach) return found.apply(addressesOf);
    const docker = dockerPackage();
    const provider = new docker.Provider(`${name}-docker`, reach, opts);
    const warn = (warning: string): void => void pulumi.log.warn(warning);
    return found.apply(async (last) => {
        try {
            const { containers }: Partial<GetNetworkResult> = await docker.getNetwork({ name: network }, { provider });
            if (!containers) throw new Error("this release of @pulumi/docker lists none; install 5.0.0 or later");
            const now = containers.map(({ name: each, containerId: id, ipv4Address }): [string, Seen] => [
                each,
                { id, address: ipv4Address.replace(/\/\d+$/, "") },
            ]);
            return compared(plan, last, Object.fromEntries(now), warn);
        } catch (error) {
            const told = String(error instanceof Error ? error.message : error);
            const reason = told.replace(/\s+/g, " ").trim();
            warn(
                `Unable to read the containers of "${name}": ${reason.endsWith(".") ? reason.slice(0, -1) : reason}. They are taken as they were last started.`,
            );
            return addressesOf(last);
        }
    });
}

/** The address of each container; one that does not run has none, and keeps that which it had. */
export function compared(
    { path, services }: HostPlan,
    last: Readonly<Record<string, Seen>>,
    now: Readonly<Record<string, Seen>>,
    warn: (warning: string) => void,
): Record<string, string> {
    const anew = (service: string): string =>
        `Run there: docker compose -f ${path}/docker-compose.yml up -d --no-deps ${service}`;
    return Object.fromEntries(
        services.map(({ name: service, address: wanted }) => {
            const [then, is] = [last[service], now[service]];
            if (!is) {
                warn(`${service} does not run: it is stopped, or was taken away. ${anew(service)}`);
                return [service, then?.address ?? wanted];
            }
            if (then && is.id !== then.id)
                warn(`${service} is another container than the one that was started last: it was recreated by hand.`);
            if (is.address !== wanted)
                warn(
                    `${service} has the address ${is.address}, and forwards lead to ${wanted}. Correct dockerNet, or recreate the container.`,
                );
            return [service, is.address];
        }),
    );
}

const addressesOf = (all: Readonly<Record<string, Seen>>): Record<string, string> =>
    Object.fromEntries(Object.entries(all).map(([key, { address }]) => [key, address]));
