// Generated from the property table by "npm run reference"; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../../provider/connection";
import type { DeepInput } from "../deep-input";
import { Resource } from "../resource";

/** Arguments of `Hypervisor`. */
export interface HypervisorArgs {
    /**
     * Identifier of the hypervisor in IsardVDI.
     * Default: the resource's name.
     * A change replaces the resource.
     * @example hyperId: "hyper-01"
     */
    hyperId?: DeepInput<string>;
    /**
     * Name or address at which the site's API and engine reach the hypervisor over SSH.
     * @example hostname: "h1.example.org"
     */
    hostname: DeepInput<string>;
    /**
     * TCP port of the hypervisor container's SSH server, as seen from the site.
     * Default: `2022`.
     */
    sshPort?: DeepInput<number>;
    /**
     * User the engine logs in as.
     * Default: `"root"`.
     */
    sshUser?: DeepInput<string>;
    /**
     * Flavour of the host's installation; decides the defaults of `viewer`.
     * Default: `"hypervisor"`.
     */
    flavour?: DeepInput<"hypervisor" | "hypervisor-standalone">;
    /**
     * Tunnelling mode that the site must use: it is server-wide (`GENEVE_ONLY_INFRA`), so it is compared, never switched, here.
     * Default: `wireguard+geneve` is sent, and nothing is compared.
     */
    vpnTunnelingMode?: DeepInput<"wireguard+geneve" | "geneve">;
    /**
     * What the host is used for: disk operations, running desktops, or both.
     * - `disk`: Disk operations; true by default.
     * - `hypervisor`: Running desktops; true by default, and never Online when false.
     * Default: `{"disk": true, "hypervisor": true}`.
     */
    capabilities?: DeepInput<{ disk?: boolean; hypervisor?: boolean }>;
    /**
     * Whether the engine may use the hypervisor; a disabled one is never Online.
     * Default: `true`.
     */
    enabled?: DeepInput<boolean>;
    /**
     * Cordons the hypervisor: only desktops that are forced onto it start there.
     * Default: `false`.
     */
    onlyForced?: DeepInput<boolean>;
    /**
     * Free text shown to administrators.
     * Default: the server's.
     */
    description?: DeepInput<string>;
    /**
     * Identifiers of the storage pools the hypervisor serves.
     * Default: the site's default pool.
     */
    storagePools?: DeepInput<string[]>;
    /**
     * Identifiers of the pools whose desktops the hypervisor runs.
     * Default: the storage pools.
     */
    virtPools?: DeepInput<string[]>;
    /**
     * Memory that is kept free. Unit: GB.
     * Default: `0`.
     */
    minFreeMemGb?: DeepInput<number>;
    /**
     * Memory that is kept free for desktops with a GPU. Unit: GB.
     * Default: `0`.
     */
    minFreeGpuMemGb?: DeepInput<number>;
    /**
     * Marks a hypervisor that the orchestrator keeps in reserve.
     * Default: `false`.
     */
    bufferingHyper?: DeepInput<boolean>;
    /**
     * Keeps the hypervisor for desktops with a GPU; together with `minFreeGpuMemGb` the engine toggles it, and drift is then left alone.
     * Default: `false`.
     */
    gpuOnly?: DeepInput<boolean>;
    /**
     * The host's virtualisation: needed by releases 17 and later (API v4) to register a host that runs desktops, and cached by the engine from the first registration on.
     * Default: on v4, what the host says where `diagnostics.host` is given, else an error when a host that runs desktops has to be registered.
     * A change replaces the resource.
     */
    kvmModule?: DeepInput<"intel" | "amd">;
    /**
     * Where clients find the hypervisor's desktops; parts that are not set follow `flavour`, and one that is taken out of the program goes back to it.
     * - `staticUrl`: Host of the static files; the hostname by default.
     * - `videoUrl`: Host of the video proxy; the hostname by default.
     * - `proxyHyperUrl`: Host the video proxy dials: `isard-hypervisor`, or the hostname when standalone.
     * - `spicePort`: SPICE port, 80 by default.
     * - `html5Port`: Port of the browser viewer, 443 by default.
     * Default: by `flavour`.
     */
    viewer?: DeepInput<{ staticUrl?: string; videoUrl?: string; proxyHyperUrl?: string; spicePort?: number; html5Port?: number }>;
    /**
     * Name at which the hypervisor reaches the site's VPN.
     * Default: the server's domain.
     */
    vpnHost?: DeepInput<string>;
    /**
     * VLANs of the host's trunk, made known to the site; never removed from it, for others may use them. API v4 only.
     * Default: none.
     */
    vlans?: DeepInput<number[]>;
    /**
     * Who makes the record: the provider (`api`), or the hypervisor's own container at boot (`self`). With `self` nothing is ever registered by the provider: it follows the container's boot to the last step, then writes what the program sets, and writes it again after each restart of the container, which makes the record anew from the host's `isardvdi.cfg`. `hostname` must then be that file's `DOMAIN`; `enabled` is written only where the program sets it, and a hypervisor that its container leaves disabled is not waited for.
     * Default: `"api"`.
     * A change touches no server.
     */
    registration?: DeepInput<"api" | "self">;
    /**
     * Takes over a record with this `hyperId` that has another hostname.
     * Default: `false`.
     * A change touches no server.
     */
    adopt?: DeepInput<boolean>;
    /**
     * Whether `up` ends only when the engine says Online, and how long it waits for that.
     * - `timeoutSeconds`: Seconds to wait, 900 by default.
     * - `source`: Where the record is watched: `changefeed` follows the site's database and fails where it cannot, `api` polls, `auto` (the default) follows the database where `isardvdi:rethinkdb` or `isardvdi:server` is set and polls where it cannot.
     * Default: `true`.
     * A change touches no server.
     */
    awaitOnline?: DeepInput<boolean | { timeoutSeconds?: number; source?: "auto" | "changefeed" | "api" }>;
    /**
     * How the hypervisor is taken from its desktops, by a deletion or by a registration of one that is Online: `drain` waits until they have stopped, `force` stops them.
     * - `policy`: `drain` by default.
     * - `timeoutSeconds`: Seconds to wait for desktops, 600 by default.
     * Default: `{ policy: "drain", timeoutSeconds: 600 }`.
     * A change touches no server.
     */
    deletion?: DeepInput<{ policy?: "drain" | "force"; timeoutSeconds?: number }>;
    /**
     * Any values: a change registers the hypervisor again, for instance after its SSH host key has changed.
     * Default: none.
     */
    triggers?: DeepInput<unknown[]>;
    /**
     * How the host itself is reached: for what a registration needs from it and gives to it (`kvmModule` on API v4, the engine's key and the viewer certificates for its isard-hypervisor container), and when something has to be explained.
     * - `host`: A connection, or a name in `isardvdi:connections`.
     * Default: none.
     * A change touches no server.
     */
    diagnostics?: DeepInput<{ host?: string | ConnectionArgs }>;
    /**
     * Name of the site in `isardvdi:sites`.
     * Default: the top-level configuration.
     * A change touches no server.
     */
    site?: DeepInput<string>;
}

/** Outputs of `Hypervisor`: its arguments as the server has them, and what it has beside them. */
export abstract class HypervisorOutputs extends Resource {
    /** Identifier of the hypervisor in IsardVDI. */
    declare readonly hyperId: pulumi.Output<string>;
    /** Name or address at which the site's API and engine reach the hypervisor over SSH. */
    declare readonly hostname: pulumi.Output<string>;
    /** TCP port of the hypervisor container's SSH server, as seen from the site. */
    declare readonly sshPort: pulumi.Output<number>;
    /** User the engine logs in as. */
    declare readonly sshUser: pulumi.Output<string>;
    /** Flavour of the host's installation; decides the defaults of `viewer`. */
    declare readonly flavour: pulumi.Output<"hypervisor" | "hypervisor-standalone" | undefined>;
    /** Tunnelling mode that the site must use: it is server-wide (`GENEVE_ONLY_INFRA`), so it is compared, never switched, here. */
    declare readonly vpnTunnelingMode: pulumi.Output<"wireguard+geneve" | "geneve" | undefined>;
    /** What the host is used for: disk operations, running desktops, or both. */
    declare readonly capabilities: pulumi.Output<{ disk: boolean; hypervisor: boolean }>;
    /** Whether the engine may use the hypervisor; a disabled one is never Online. */
    declare readonly enabled: pulumi.Output<boolean>;
    /** Cordons the hypervisor: only desktops that are forced onto it start there. */
    declare readonly onlyForced: pulumi.Output<boolean>;
    /** Free text shown to administrators. */
    declare readonly description: pulumi.Output<string>;
    /** Identifiers of the storage pools the hypervisor serves. */
    declare readonly storagePools: pulumi.Output<string[]>;
    /** Identifiers of the pools whose desktops the hypervisor runs. */
    declare readonly virtPools: pulumi.Output<string[]>;
    /** Memory that is kept free. */
    declare readonly minFreeMemGb: pulumi.Output<number>;
    /** Memory that is kept free for desktops with a GPU. */
    declare readonly minFreeGpuMemGb: pulumi.Output<number>;
    /** Marks a hypervisor that the orchestrator keeps in reserve. */
    declare readonly bufferingHyper: pulumi.Output<boolean>;
    /** Keeps the hypervisor for desktops with a GPU; together with `minFreeGpuMemGb` the engine toggles it, and drift is then left alone. */
    declare readonly gpuOnly: pulumi.Output<boolean>;
    /** The host's virtualisation: needed by releases 17 and later (API v4) to register a host that runs desktops, and cached by the engine from the first registration on. */
    declare readonly kvmModule: pulumi.Output<"intel" | "amd" | undefined>;
    /** Where clients find the hypervisor's desktops; parts that are not set follow `flavour`, and one that is taken out of the program goes back to it. */
    declare readonly viewer: pulumi.Output<{ staticUrl: string; videoUrl: string; proxyHyperUrl: string; spicePort: number; html5Port: number }>;
    /** Name at which the hypervisor reaches the site's VPN. */
    declare readonly vpnHost: pulumi.Output<string | undefined>;
    /** VLANs of the host's trunk, made known to the site; never removed from it, for others may use them. API v4 only. */
    declare readonly vlans: pulumi.Output<number[] | undefined>;
    /** Who makes the record: the provider (`api`), or the hypervisor's own container at boot (`self`). With `self` nothing is ever registered by the provider: it follows the container's boot to the last step, then writes what the program sets, and writes it again after each restart of the container, which makes the record anew from the host's `isardvdi.cfg`. `hostname` must then be that file's `DOMAIN`; `enabled` is written only where the program sets it, and a hypervisor that its container leaves disabled is not waited for. */
    declare readonly registration: pulumi.Output<"api" | "self" | undefined>;
    /** Takes over a record with this `hyperId` that has another hostname. */
    declare readonly adopt: pulumi.Output<boolean | undefined>;
    /** Whether `up` ends only when the engine says Online, and how long it waits for that. */
    declare readonly awaitOnline: pulumi.Output<boolean | { timeoutSeconds?: number; source?: "auto" | "changefeed" | "api" } | undefined>;
    /** How the hypervisor is taken from its desktops, by a deletion or by a registration of one that is Online: `drain` waits until they have stopped, `force` stops them. */
    declare readonly deletion: pulumi.Output<{ policy?: "drain" | "force"; timeoutSeconds?: number } | undefined>;
    /** Any values: a change registers the hypervisor again, for instance after its SSH host key has changed. */
    declare readonly triggers: pulumi.Output<unknown[] | undefined>;
    /** How the host itself is reached: for what a registration needs from it and gives to it (`kvmModule` on API v4, the engine's key and the viewer certificates for its isard-hypervisor container), and when something has to be explained. */
    declare readonly diagnostics: pulumi.Output<{ host?: string | ConnectionArgs } | undefined>;
    /** Name of the site in `isardvdi:sites`. */
    declare readonly site: pulumi.Output<string | undefined>;
    /** The engine's verdict. */
    declare readonly status: pulumi.Output<"Online" | "Offline" | "Error" | "Deleting">;
    /** The engine's reason for the status, empty when Online. */
    declare readonly detail: pulumi.Output<string>;
    /** When the engine wrote the status, in epoch seconds by the server's clock. */
    declare readonly statusTime: pulumi.Output<number | undefined>;
    /** How far the host's container has come in its boot. */
    declare readonly bootProgress: pulumi.Output<{ step: number; total: number; label: string; error?: string; timestamp?: string | number } | undefined>;
    /** Whether the engine finds libvirt slow, and why. */
    declare readonly degraded: pulumi.Output<{ isDegraded: boolean; reason?: string }>;
    /** The tunnel to the site; never its keys. */
    declare readonly vpn: pulumi.Output<{ mode?: string; address?: string; tunnelStatus?: string; infrastructureMtu?: number; guestMtu?: number }>;
    /** Generation of the site's API. */
    declare readonly apiGeneration: pulumi.Output<"v3" | "v4">;
}

/** Names of every argument and result, which the engine fills in. */
export const hypervisorNames: readonly string[] = ["hyperId","hostname","sshPort","sshUser","flavour","vpnTunnelingMode","capabilities","enabled","onlyForced","description","storagePools","virtPools","minFreeMemGb","minFreeGpuMemGb","bufferingHyper","gpuOnly","kvmModule","viewer","vpnHost","vlans","registration","adopt","awaitOnline","deletion","triggers","diagnostics","site","status","detail","statusTime","bootProgress","degraded","vpn","apiGeneration"];

/** Arguments that are secret wherever they stand. */
export const hypervisorSecrets: readonly string[] = ["diagnostics"];
