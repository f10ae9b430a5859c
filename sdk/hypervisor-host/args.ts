import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../../provider/connection";
import type { DeepInput } from "../deep-input";

/** Folders that hypervisors of one site share, as the manual lists them. */
export type SharedFolder = "templates" | "groups" | "media" | "volatile" | "storage_pools" | "certs";

/** Arguments of `HypervisorHost`. */
export interface HypervisorHostArgs {
    /**
     * How the host is reached over SSH as root, or a name in `isardvdi:connections`. @pulumi/command dials it: each
     * hop needs its `hostKey`, one hop at most, and `sudo`, `knownHosts` and a fingerprint in place of a key are refused.
     */
    connection: string | { [Key in keyof ConnectionArgs]: DeepInput<ConnectionArgs[Key]> };
    /**
     * Whether the host has a video proxy of its own.
     * Default: `"hypervisor"`.
     */
    flavour?: "hypervisor" | "hypervisor-standalone";
    /** `DOMAIN`: the name at which the server reaches this host. */
    hostname: pulumi.Input<string>;
    /**
     * `HYPER_ID`.
     * Default: the resource's name.
     */
    hyperId?: string;
    /** IsardVDI's release, as its repository's tag has it: `"v17.1.0"`. Another one checks it out, builds and starts it. */
    release: string;
    /** The central server: the default of each name, and those that have one of their own. */
    server: HypervisorHostServerArgs;
    /** `API_HYPERVISORS_SECRET`, the same as the server's. */
    hypervisorsSecret: pulumi.Input<string>;
    /** `API_ISARDVDI_SECRET`, the same as the server's, where a container of this host needs it. */
    isardvdiSecret?: pulumi.Input<string>;
    /** `HYPER_ENABLED`: whether the hypervisor enables itself at the end of each boot. */
    enabled?: pulumi.Input<boolean>;
    /**
     * `CAPABILITIES_HYPER` and `CAPABILITIES_DISK`: a pure hypervisor, a pure disk host, or both.
     * Default: both.
     */
    capabilities?: { hypervisor?: boolean; disk?: boolean };
    /** `CAPABILITIES_STORAGE_POOLS`: ids of storage pools. */
    storagePools?: pulumi.Input<pulumi.Input<string>[]>;
    /** `CAPABILITIES_VIRT_POOLS`: ids of pools. */
    virtPools?: pulumi.Input<pulumi.Input<string>[]>;
    /** `ONLY_FORCED_HYP`. */
    onlyForced?: pulumi.Input<boolean>;
    /** `BUFFERING_HYPER`. */
    bufferingHyper?: pulumi.Input<boolean>;
    /** `GPU_ONLY`. */
    gpuOnly?: pulumi.Input<boolean>;
    /** `HYPER_FREEMEM`, GB. */
    minFreeMemGb?: pulumi.Input<number>;
    /** `GPU_ONLY_MEM`, GB. */
    minFreeGpuMemGb?: pulumi.Input<number>;
    /** The queue of disk tasks, for a host that works on disks. */
    redis?: { host?: pulumi.Input<string>; port?: pulumi.Input<number>; password?: pulumi.Input<string> };
    /** The announced ports of viewers: `VIEWER_SPICE`, 80 by default, and `VIEWER_BROWSER`, 443 by default. */
    viewer?: { spicePort?: pulumi.Input<number>; html5Port?: pulumi.Input<number> };
    /** `VIDEO_HYPERVISOR_PORTS` of the host's own video proxy, `"5900-7899"` by default. */
    videoPorts?: pulumi.Input<string>;
    /** A certificate for the host's own video proxy. */
    acme?: { email: pulumi.Input<string>; server?: pulumi.Input<string> };
    /** The tunnels' networks and ports; the same everywhere in a site. */
    tunnels?: HypervisorHostTunnelArgs;
    /** `DOCKER_NET`, `"172.31.255"` by default. */
    dockerNet?: string;
    /** VLANs that come in over an interface of the host. */
    vlans?: HypervisorHostVlanArgs;
    /** `BLACKLIST_IPTABLES`: networks that desktops may not reach. */
    blacklist?: pulumi.Input<string>;
    /** `WHITELIST_IPTABLES`: networks that desktops may reach all the same. */
    whitelist?: pulumi.Input<string>;
    /** `DISABLE_TRAFFIC_PRIORITIZATION`. */
    disableTrafficPrioritization?: pulumi.Input<boolean>;
    /** Any other key of isardvdi.cfg. */
    settings?: Record<string, pulumi.Input<string>>;
    /** Where the disks lie. */
    storage?: {
        /** Default: `"/opt/isard"`. */
        path?: string;
        /**
         * Folders that must be mounted and not on the root disk.
         * Default: templates, groups, media and storage_pools; give `[]` for a host that shares nothing.
         */
        shared?: SharedFolder[];
    };
    /**
     * IsardVDI's repository.
     * Default: `"https://gitlab.com/isard/isardvdi.git"`.
     */
    repository?: string;
    /**
     * Where IsardVDI is checked out.
     * Default: `"/opt/isard/src"`.
     */
    path?: string;
}

/** Names of the central server as a host sees it. */
export interface HypervisorHostServerArgs {
    /** `API_DOMAIN`, and what the others are where they are not given. */
    domain: pulumi.Input<string>;
    /** `STATIC_DOMAIN`. */
    staticDomain?: pulumi.Input<string>;
    /** `VPN_DOMAIN`. */
    vpnDomain?: pulumi.Input<string>;
    /** `VIDEO_DOMAIN`; for flavour `hypervisor` the host's own `hostname` by default. */
    videoDomain?: pulumi.Input<string>;
    /** `STORAGE_DOMAIN`. */
    storageDomain?: pulumi.Input<string>;
}

/** Tunnels between a host and the central server. */
export interface HypervisorHostTunnelArgs {
    /** `WG_MAIN_NET`, `"10.0.0.0/14"` by default. */
    mainNet?: pulumi.Input<string>;
    /** `WG_USERS_NET`, `"10.0.0.0/16"` by default. */
    usersNet?: pulumi.Input<string>;
    /** `WG_HYPERS_NET`, `"10.1.0.0/24"` by default. */
    hypersNet?: pulumi.Input<string>;
    /** `WG_GUESTS_NETS`, `"10.2.0.0/16"` by default. */
    guestsNets?: pulumi.Input<string>;
    /** `WG_HYPERS_PORT`, 4443 by default. */
    hypersPort?: pulumi.Input<number>;
    /** `INFRASTRUCTURE_MTU`, 1500 by default; the host's own link must have it. */
    mtu?: number;
}

/** A trunk of VLANs. */
export interface HypervisorHostVlanArgs {
    /** `HYPERVISOR_HOST_TRUNK_INTERFACE`: the host's interface, which is made promiscuous now and at each boot. */
    trunkInterface: string;
    /** `HYPERVISOR_STATIC_VLANS`; without it each start of the container looks for VLANs for 260 seconds. */
    staticVlans?: number[];
    /** `STATS_RETHINKDB_HOST`: the server's database, into which the VLANs are written, as reached from here. */
    statsRethinkdbHost?: pulumi.Input<string>;
}
