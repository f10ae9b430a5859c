import * as pulumi from "@pulumi/pulumi";
import type { HypervisorHostArgs } from "./args";
import { dockerPackage } from "./packages";
import type { HostPlan } from "./plan";

type Given = Exclude<HypervisorHostArgs["connection"], string>;

/**
 * How @pulumi/docker reaches the host's engine: it starts the machine's own ssh, which takes an agent's keys or those
 * of ~/.ssh but no key from a text; undefined where the connection has such a key, a password or a jump host.
 */
export function dockerReach(
    connection: Given,
): { host: pulumi.Output<string>; sshOpts: pulumi.Output<string[]> } | undefined {
    const { host, port, user, password, privateKey, proxy, hostKey, agentSocketPath } = connection;
    if (password !== undefined || privateKey !== undefined || proxy !== undefined) return undefined;
    const options = pulumi.all([host, hostKey, agentSocketPath]).apply(([name, key, agent]) => [
        "-o",
        "StrictHostKeyChecking=yes",
        // the pinned key alone, whatever known_hosts has
        ...["-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null"],
        ...["-o", `KnownHostsCommand=/bin/echo ${name} ${key}`],
        ...(agent === undefined ? [] : ["-o", `IdentityAgent=${agent}`]),
    ]);
    return { host: pulumi.interpolate`ssh://${user ?? "root"}@${host}:${port ?? 22}`, sshOpts: options };
}

/** Container ids by the name of the service, as the host's own look printed them. */
export const containersOf = (printed: string): Record<string, { id: string; address: string }> =>
    Object.fromEntries(
        printed
            .split("\n")
            .map((line) => line.trim().split(" "))
            .filter((words): words is [string, string, string] => words.length === 3)
            .map(([name, id, address]) => [name, { id, address }]),
    );

/** Reads each container through @pulumi/docker at each run, and says where one is no longer as the forwards need it. */
export function readContainers(
    plan: HostPlan,
    connection: Given,
    printed: pulumi.Output<string>,
    name: string,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<Record<string, string>> {
    const found = printed.apply(containersOf);
    const reach = dockerReach(connection);
    if (!reach) return found.apply((all) => mapped(all, ({ address }) => address));
    const docker = dockerPackage();
    const provider = new docker.Provider(`${name}-docker`, reach, opts);
    const read = plan.services.map(({ name: service, address }): [string, pulumi.Output<string>] => {
        const id = found.apply((all) => all[service]?.id ?? "");
        const container = docker.Container.get(`${name}-${service}-container`, id, {}, { ...opts, provider });
        return [service, container.networkDatas.apply((networks) => checked(service, address, networks))];
    });
    return pulumi.all(Object.fromEntries(read));
}

function checked(service: string, wanted: string, networks: { ipAddress: string }[]): string {
    const [address = "none"] = networks.map(({ ipAddress }) => ipAddress);
    if (address !== wanted)
        void pulumi.log.warn(
            `${service} has the address ${address}, and forwards lead to ${wanted}. Correct dockerNet, or recreate the container.`,
        );
    return address;
}

const mapped = <T, U>(all: Record<string, T>, of: (value: T) => U): Record<string, U> =>
    Object.fromEntries(Object.entries(all).map(([key, value]) => [key, of(value)]));
