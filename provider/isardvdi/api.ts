import type { ProxySettings } from "../configuration-transport";
import type { ConnectionArgs } from "../connection";
import type { IsardvdiError } from "../errors";
import type { Log } from "../world";
import type { Enrolment } from "./enrolment";

export type Generation = "v3" | "v4";
export type TunnelingMode = "wireguard+geneve" | "geneve";
export type HypervisorStatus = "Online" | "Offline" | "Error" | "Deleting";

/** How one site is reached; made by `configuration.ts` from stack configuration and environment. */
export interface SiteSettings {
    /** The site's name in configuration; "default" for the top-level keys. */
    name: string;
    /** Address of the portal, scheme and host and port alone: https://isard.example.org */
    apiUrl: string;
    credentials: Credentials;
    /** PEM text of the authority that signed the portal's certificate. */
    caCert?: string | undefined;
    insecureSkipTlsVerify: boolean;
    /** Why nothing may be written to the site, which is read all the same: http beyond this machine that nobody has allowed. */
    unencrypted?: IsardvdiError | undefined;
    /** The environment's proxies, where they may be between here and the site. */
    proxy?: ProxySettings | undefined;
    apiGeneration: "auto" | Generation;
    /** Absent where neither `rethinkdb` nor `server` is configured: there is no change feed then. */
    database?: DatabaseSettings | undefined;
    /** The central server: the way to the database when it is not reachable directly. */
    server?: ConnectionArgs | undefined;
}

/** The site's RethinkDB. */
export interface DatabaseSettings {
    /** Absent: the database's container, as the central server reaches it. */
    host: string | undefined;
    port: number;
    user: string;
    password: string;
    db: string;
    tls: boolean;
    caCert: string | undefined;
}

export type Credentials =
    | { kind: "token"; apiToken: string }
    | { kind: "secret"; apiSecret: string; apiSecretKid: string }
    | { kind: "login"; username: string; password: string; category: string };

/** A row of the hypervisors table, without any key material: it never leaves the client. */
export interface HypervisorRecord {
    hyperId: string;
    hostname: string;
    sshPort: number;
    sshUser: string;
    description: string;
    capabilities: { disk: boolean; hypervisor: boolean };
    enabled: boolean;
    status: HypervisorStatus;
    detail: string;
    /** Epoch seconds by the server's clock; undefined until the engine has written one. */
    statusTime: number | undefined;
    onlyForced: boolean;
    bufferingHyper: boolean;
    gpuOnly: boolean;
    minFreeMemGb: number;
    minFreeGpuMemGb: number;
    kvmModule: string | undefined;
    /** What the engine's scan found once, and keeps: "" where it found none. */
    engineKvmModule?: string | undefined;
    storagePools: string[];
    virtPools: string[];
    viewer: Viewer;
    vpnHost: string | undefined;
    vpn: {
        mode: TunnelingMode | undefined;
        /** WireGuard address of the hypervisor inside the tunnel. */
        address: string | undefined;
        tunnelStatus: string | undefined;
        infrastructureMtu: number | undefined;
        guestMtu: number | undefined;
    };
    bootProgress: BootProgress | undefined;
    degraded: { isDegraded: boolean; reason: string | undefined };
    desktopsStarted: number | undefined;
    orchestratorManaged: boolean;
    /** Our own column: whose the record is, empty where it says nobody's; undefined where it is not told, as in a list. */
    owner?: string | undefined;
}

export interface Viewer {
    staticUrl: string;
    videoUrl: string;
    proxyHyperUrl: string;
    spicePort: number;
    html5Port: number;
}

export interface BootProgress {
    step: number;
    total: number;
    label: string;
    error: string | undefined;
    timestamp: string | number | undefined;
}

/** What a registration sends; every field left out is reset to the server's default. */
export interface Registration {
    hyperId: string;
    hostname: string;
    sshPort: number;
    sshUser: string;
    description?: string | undefined;
    capabilities: { disk: boolean; hypervisor: boolean };
    onlyForced: boolean;
    bufferingHyper?: boolean | undefined;
    gpuOnly?: boolean | undefined;
    minFreeMemGb?: number | undefined;
    minFreeGpuMemGb?: number | undefined;
    kvmModule?: string | undefined;
    storagePools?: string[] | undefined;
    virtPools?: string[] | undefined;
    viewer: Viewer;
    vpnHost?: string | undefined;
    vpnTunnelingMode?: TunnelingMode | undefined;
}

/** What a registration answers, less the private keys. */
export interface RegistrationAnswer {
    mode: TunnelingMode | undefined;
    /** The engine's public SSH key: the only part of `certs` that is not a secret. */
    enginePublicKey: string | undefined;
    /** The rest, for the host alone. */
    enrolment: Enrolment;
}

/** Fields that the table update can change on a live row; `enabled` and pools have their own calls. */
export type HypervisorChange = Partial<
    Pick<
        HypervisorRecord,
        | "hostname"
        | "sshPort"
        | "sshUser"
        | "description"
        | "capabilities"
        | "onlyForced"
        | "bufferingHyper"
        | "gpuOnly"
        | "minFreeMemGb"
        | "minFreeGpuMemGb"
        | "kvmModule"
        | "storagePools"
        | "vpnHost"
    >
> & { viewer?: Partial<Viewer>; owner?: string };

/** Who asks: each call is cancelled with its own resource and speaks on that resource's line. */
export interface Call {
    signal: AbortSignal;
    log: Log;
}

/** One site's administration API, the same for both generations. */
export interface IsardApi {
    readonly generation: Generation;
    /** `isardvdi_version` of the root document; "" on development builds. */
    readonly release: string;
    /** All records, straight from the server. */
    list(call: Call): Promise<HypervisorRecord[]>;
    /** One record, straight from the server; undefined when there is none. */
    find(hyperId: string, call: Call): Promise<HypervisorRecord | undefined>;
    /** One record out of a list that may be up to 15 s old: for refresh, never for create or update. */
    findListed(hyperId: string, call: Call): Promise<HypervisorRecord | undefined>;
    register(registration: Registration, call: Call): Promise<RegistrationAnswer>;
    /** With an owner, both are written at once. */
    setEnabled(hyperId: string, enabled: boolean, call: Call, owner?: string): Promise<void>;
    change(hyperId: string, change: HypervisorChange, call: Call): Promise<void>;
    /** Makes `virtPools` the available and enabled pools of the hypervisor. */
    setVirtPools(hyperId: string, virtPools: string[], call: Call): Promise<void>;
    /** Answers once the row is gone; an unknown id is no error. */
    remove(hyperId: string, call: Call): Promise<void>;
    /** Desktops that run on the hypervisor right now, servers as well. */
    desktopsStarted(hyperId: string, call: Call): Promise<number>;
    /** Whether the site's engine says that it runs; undefined where it may not be asked, or something else answers. */
    engineRuns(call: Call): Promise<boolean | undefined>;
    /** VLAN numbers that the site knows (rows `v<N>` of the interfaces table); may be up to 15 s old with `listed`. */
    vlans(call: Call, options?: { listed?: boolean }): Promise<number[]>;
    /** Adds VLANs; v4 only, an `unsupported` error on v3. */
    registerVlans(vlans: number[], call: Call): Promise<void>;
}
