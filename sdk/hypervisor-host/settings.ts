import * as pulumi from "@pulumi/pulumi";
import type { HypervisorHostArgs } from "./args";

type Scalar = string | number | boolean;
type Value = pulumi.Input<Scalar | pulumi.Input<Scalar>[]> | undefined;

interface Row {
    key: string;
    of: (args: HypervisorHostArgs, name: string) => Value;
    /** A credential. */
    secret?: true;
}

/** Each key that a typed argument sets. */
const rows: readonly Row[] = [
    { key: "FLAVOUR", of: ({ flavour }) => flavour ?? "hypervisor" },
    { key: "DOMAIN", of: ({ hostname }) => hostname },
    { key: "HYPER_ID", of: ({ hyperId }, name) => hyperId ?? name },
    { key: "HYPER_ENABLED", of: ({ enabled }) => enabled },
    { key: "API_HYPERVISORS_SECRET", of: ({ hypervisorsSecret }) => hypervisorsSecret, secret: true },
    { key: "API_ISARDVDI_SECRET", of: ({ isardvdiSecret }) => isardvdiSecret, secret: true },
    { key: "API_DOMAIN", of: ({ server }) => server.domain },
    { key: "STATIC_DOMAIN", of: ({ server }) => server.staticDomain ?? server.domain },
    { key: "VPN_DOMAIN", of: ({ server }) => server.vpnDomain ?? server.domain },
    {
        key: "VIDEO_DOMAIN",
        of: ({ server, flavour, hostname }) =>
            server.videoDomain ?? (flavour === "hypervisor-standalone" ? server.domain : hostname),
    },
    { key: "STORAGE_DOMAIN", of: ({ server }) => server.storageDomain ?? server.domain },
    { key: "CAPABILITIES_HYPER", of: ({ capabilities }) => capabilities?.hypervisor },
    { key: "CAPABILITIES_DISK", of: ({ capabilities }) => capabilities?.disk },
    { key: "CAPABILITIES_STORAGE_POOLS", of: ({ storagePools }) => storagePools },
    { key: "CAPABILITIES_VIRT_POOLS", of: ({ virtPools }) => virtPools },
    { key: "ONLY_FORCED_HYP", of: ({ onlyForced }) => onlyForced },
    { key: "BUFFERING_HYPER", of: ({ bufferingHyper }) => bufferingHyper },
    { key: "GPU_ONLY", of: ({ gpuOnly }) => gpuOnly },
    { key: "HYPER_FREEMEM", of: ({ minFreeMemGb }) => minFreeMemGb },
    { key: "GPU_ONLY_MEM", of: ({ minFreeGpuMemGb }) => minFreeGpuMemGb },
    { key: "REDIS_HOST", of: ({ redis, server }) => redis?.host ?? server.domain },
    { key: "REDIS_PORT", of: ({ redis }) => redis?.port },
    { key: "REDIS_PASSWORD", of: ({ redis }) => redis?.password, secret: true },
    { key: "VIEWER_SPICE", of: ({ viewer }) => viewer?.spicePort },
    { key: "VIEWER_BROWSER", of: ({ viewer }) => viewer?.html5Port },
    { key: "VIDEO_HYPERVISOR_PORTS", of: ({ videoPorts }) => videoPorts },
    { key: "ACME_EMAIL", of: ({ acme }) => acme?.email },
    { key: "ACME_SERVER", of: ({ acme }) => acme?.server },
    { key: "WG_MAIN_NET", of: ({ tunnels }) => tunnels?.mainNet },
    { key: "WG_USERS_NET", of: ({ tunnels }) => tunnels?.usersNet },
    { key: "WG_HYPERS_NET", of: ({ tunnels }) => tunnels?.hypersNet },
    { key: "WG_GUESTS_NETS", of: ({ tunnels }) => tunnels?.guestsNets },
    { key: "WG_HYPERS_PORT", of: ({ tunnels }) => tunnels?.hypersPort },
    { key: "INFRASTRUCTURE_MTU", of: ({ tunnels }) => tunnels?.mtu },
    { key: "DOCKER_NET", of: ({ dockerNet }) => dockerNet },
    { key: "HYPERVISOR_HOST_TRUNK_INTERFACE", of: ({ vlans }) => vlans?.trunkInterface },
    { key: "HYPERVISOR_STATIC_VLANS", of: ({ vlans }) => vlans?.staticVlans },
    { key: "STATS_RETHINKDB_HOST", of: ({ vlans }) => vlans?.statsRethinkdbHost },
    { key: "BLACKLIST_IPTABLES", of: ({ blacklist }) => blacklist },
    { key: "WHITELIST_IPTABLES", of: ({ whitelist }) => whitelist },
    { key: "DISABLE_TRAFFIC_PRIORITIZATION", of: ({ disableTrafficPrioritization: value }) => value },
];

/** Keys that an argument of their own sets, so that `settings` may not. */
export const typedKeys: ReadonlySet<string> = new Set(rows.map(({ key }) => key));

/** All lines of a host's isardvdi.cfg, by key; credentials are secret whether or not the program marked them. */
export function settingsOf(args: HypervisorHostArgs, name: string): pulumi.Output<Record<string, string>> {
    const typed = rows.flatMap(({ key, of, secret }): [string, pulumi.Output<string>][] => {
        const value = of(args, name);
        if (value === undefined) return [];
        const text = pulumi.output(value).apply((known) => (Array.isArray(known) ? known.join(",") : String(known)));
        return [[key, secret ? pulumi.secret(text) : text]];
    });
    return pulumi.output({ ...Object.fromEntries(typed), ...args.settings });
}
