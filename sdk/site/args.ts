import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../../provider/connection";
import type { DeepInput } from "../deep-input";
import type { HypervisorArgs } from "../generated/hypervisor";
import type { HypervisorHostArgs } from "../hypervisor-host/args";
import type { Deployment, RequiredForward } from "../required-forwards";

/** How a machine of the site is reached: a connection, or a name in `isardvdi:connections`, which keeps its key out of the state. */
export type SiteConnection = string | { [Key in keyof ConnectionArgs]: DeepInput<ConnectionArgs[Key]> };

/** Arguments of `Site`. */
export interface SiteArgs {
    /**
     * Name of the site in `isardvdi:sites`.
     * Default: the top-level configuration.
     */
    site?: string;
    /**
     * Whose table of forwards is taken: the manual's, or what releases up to 16 (`v3`) or from 17 on (`v4`) really use.
     * Default: the site's `apiGeneration`, which must then be set to `v3` or `v4`.
     */
    release?: Deployment["release"];
    /**
     * Tunnelling mode of the site, for it is the same for all of its hypervisors.
     * Default: `"wireguard+geneve"`.
     */
    vpnTunnelingMode?: Deployment["vpnTunnelingMode"];
    /**
     * The central server.
     * Default: nothing is opened or written on it.
     */
    server?: SiteServerArgs;
    /** The hypervisors, by their `hyperId`. */
    hypervisors: Record<string, SiteHypervisorArgs>;
    /**
     * How many hypervisors a change may take away at once: the next one is begun when one before it is as the program says.
     * One that fails holds up those behind it.
     * Default: all at once.
     */
    maxUnavailable?: number;
    /**
     * Whether the server's `GENEVE_ONLY_INFRA` is written to be as `vpnTunnelingMode` says, which cuts every user's tunnel while isard-vpn is recreated.
     * Default: `false`: a hypervisor whose server tunnels otherwise fails and says so.
     */
    switchTunnelling?: boolean;
}

/** The central server of a site. */
export interface SiteServerArgs {
    /** How the server is reached over SSH. */
    connection: SiteConnection;
    /**
     * Addresses from which the server reaches the hosts, the only ones their forwards let in.
     * Default: what the connection's host resolves to.
     */
    addresses?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * Networks that may use the server's forwards; the hosts may sit behind NAT, so none is guessed.
     * Default: everyone.
     */
    sourceCidrs?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * The server's isardvdi.cfg.
     * Default: `"/opt/isard/src/isardvdi.cfg"`.
     */
    configPath?: string;
    /** `DOCKER_NET` of the server, `"172.31.255"` by default. */
    dockerNet?: string;
    /** `WG_HYPERS_PORT` of the server, 4443 by default. */
    wireguardPort?: number;
    /** `INFRASTRUCTURE_HOST_IP` of the server, with which Docker publishes the queue of disk tasks itself. */
    infrastructureHostIp?: string;
    /**
     * What is opened on the server: `false` for nothing, or a list in place of the required ones.
     * Default: the required forwards.
     */
    forwards?: false | RequiredForward[];
    /**
     * The list of the video proxy: `false` leaves it alone; `additive` owns only this site's names, for servers that several stacks write.
     * Default: `{ mode: "authoritative", ports: "5900-7899" }` where the site has standalone hypervisors, else none.
     */
    videoProxy?: false | { mode?: "authoritative" | "additive"; ports?: string };
}

/** What makes a machine the host of a site's hypervisor, without what the hypervisor itself says. */
export type SiteHostArgs = Omit<
    HypervisorHostArgs,
    | "connection"
    | "hostname"
    | "hyperId"
    | "flavour"
    | "capabilities"
    | "dockerNet"
    | "server"
    | "enabled"
    | "storagePools"
    | "virtPools"
    | "onlyForced"
    | "bufferingHyper"
    | "gpuOnly"
    | "minFreeMemGb"
    | "minFreeGpuMemGb"
> & {
    /** Names of the central server as the host sees it; by default the host of `isardvdi:apiUrl`. */
    server?: HypervisorHostArgs["server"];
};

/** One hypervisor of a site: what the record says, and how its host is reached and opened. */
export interface SiteHypervisorArgs extends Omit<
    HypervisorArgs,
    "hyperId" | "hostname" | "flavour" | "vpnTunnelingMode" | "site" | "diagnostics"
> {
    /** How the host is reached over SSH. */
    connection: SiteConnection;
    /**
     * The host's `DOMAIN`.
     * Default: the connection's host.
     */
    hostname?: pulumi.Input<string>;
    /**
     * Whether the host has a video proxy of its own.
     * Default: `"hypervisor"`.
     */
    flavour?: Deployment["flavour"];
    /** As the site's; another one is a mistake that is told. */
    vpnTunnelingMode?: Deployment["vpnTunnelingMode"];
    /**
     * Whether disks are worked on at the host, over the server's queue.
     * Default: `false`.
     */
    storage?: boolean;
    /** `DOCKER_NET` of the host, `"172.31.255"` by default. */
    dockerNet?: string;
    /**
     * Makes the machine a host by `HypervisorHost`, whose isardvdi.cfg says the same as the record.
     * Default: the host is there already.
     */
    host?: SiteHostArgs;
    /**
     * What is opened on the host: `false` for nothing, or a list in place of the required ones.
     * Default: the required forwards.
     */
    forwards?: false | RequiredForward[];
    /** Resources of the program that must be there first. */
    dependsOn?: pulumi.Resource[];
}
