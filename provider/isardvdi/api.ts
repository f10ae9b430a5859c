import type { ProxySettings } from "../configuration-transport";
import type { ConnectionArgs } from "../connection";
import type { IsardvdiError } from "../errors";
import type { Log } from "../world";
import type { Enrolment } from "./enrolment";
import type { HypervisorChange, HypervisorRecord, Registration, TunnelingMode } from "./hypervisor-fields";

export type {
    BootProgress,
    HypervisorChange,
    HypervisorRecord,
    Registration,
    TunnelingMode,
    Viewer,
} from "./hypervisor-fields";

export type Generation = "v3" | "v4";

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

/** What a registration answers, less the private keys. */
export interface RegistrationAnswer {
    mode: TunnelingMode | undefined;
    /** The engine's public SSH key: the only part of `certs` that is not a secret. */
    enginePublicKey: string | undefined;
    /** The rest, for the host alone. */
    enrolment: Enrolment;
}

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
