import type * as pulumi from "@pulumi/pulumi";
import type { HypervisorHostArgs } from "../hypervisor-host/args";
import { mirrored } from "../hypervisor-host/declared";
import type { SiteArgs, SiteHypervisorArgs } from "./args";

/** A host's arguments, from its own and from what the site and its hypervisor say already. */
export function hostArgs(
    id: string,
    each: SiteHypervisorArgs & Required<Pick<SiteHypervisorArgs, "host">>,
    { server }: SiteArgs,
    hostname: pulumi.Input<string>,
    apiHost: string,
): HypervisorHostArgs {
    const { host, connection, flavour, dockerNet } = each;
    return {
        server: { domain: apiHost },
        ...host,
        ...mirrored(each),
        connection,
        hostname,
        hyperId: id,
        ...(flavour && { flavour }),
        ...(isPlain(each.capabilities) && { capabilities: each.capabilities }),
        ...(dockerNet !== undefined && { dockerNet }),
        ...(server?.wireguardPort !== undefined && {
            tunnels: { hypersPort: server.wireguardPort, ...host.tunnels },
        }),
    };
}

/** The commands that a host needs follow from its capabilities, so that no output can stand for them. */
export const isPlain = (
    capabilities: SiteHypervisorArgs["capabilities"],
): capabilities is { disk?: boolean; hypervisor?: boolean } =>
    typeof capabilities === "object" &&
    Object.values(capabilities).every((value: unknown) => value === undefined || typeof value === "boolean");
