/** What a sandbox is made from; every field has a default that suits a test. */
export interface SandboxOptions {
    generation?: Generation;
    /** Loopback port of the API; 0 takes any free one. */
    port?: number;
    /** Serve https with a self-signed certificate, as a portal does out of the box. */
    tls?: boolean;
    /** Names in that certificate; the portal's own default matches no address at all. */
    certificateNames?: string[];
    /** How many times faster than life every delay of the site passes. */
    timeScale?: number;
    hosts?: string[];
    /** Hosts whose hypervisor container registers itself as soon as the site is up. */
    selfRegister?: string[];
    vpnMode?: VpnMode;
    apiSecret?: string;
    hypervisorsSecret?: string;
    /** The server's clock minus this machine's. */
    clockOffsetSeconds?: number;
    release?: string;
    /** Loopback port of the control API; left out, there is none. */
    controlPort?: number;
    /** Life of a login session by the server's clock. */
    sessionSeconds?: number;
    /** Loopback port of the database, 0 for any; left out, there is none. */
    rethinkdbPort?: number;
    /** The database's users beside `admin`, whose password is empty unless one is given here. */
    rethinkdbUsers?: Record<string, RethinkdbUser>;
    /** Speak TLS there, with the certificate that `tls` makes. */
    rethinkdbTls?: boolean;
    /** Each host is a Linux machine of its own, whose hypervisor is reached through what it forwards. Default: false. */
    machines?: boolean;
    /** A folder with a whole Debian, or with what this machine lacks of the packages that the hosts need. */
    packages?: string | undefined;
}

export interface RethinkdbUser {
    password?: string;
    read?: boolean;
    write?: boolean;
}

export type Generation = "v3" | "v4";
export type VpnMode = "wireguard+geneve" | "geneve";

export interface Settings extends Required<Omit<SandboxOptions, "controlPort" | "rethinkdbPort" | "packages">> {
    controlPort: number | undefined;
    rethinkdbPort: number | undefined;
    packages: string | undefined;
}

export function settingsFrom(options: SandboxOptions): Settings {
    const generation = options.generation ?? "v4";
    return {
        generation,
        port: options.port ?? 0,
        tls: options.tls ?? false,
        certificateNames: options.certificateNames ?? ["*.localdomain"],
        timeScale: options.timeScale ?? 1,
        hosts: options.hosts ?? ["h1", "h2", "h3"],
        selfRegister: options.selfRegister ?? [],
        vpnMode: options.vpnMode ?? "wireguard+geneve",
        apiSecret: options.apiSecret ?? "sandbox-api-secret-of-more-than-32-characters",
        hypervisorsSecret: options.hypervisorsSecret ?? "sandbox-hypervisors-secret-of-more-than-32-chars",
        clockOffsetSeconds: options.clockOffsetSeconds ?? 0,
        release: options.release ?? (generation === "v4" ? "v17.17.6" : "v16.10.3"),
        controlPort: options.controlPort,
        sessionSeconds: options.sessionSeconds ?? 300,
        rethinkdbPort: options.rethinkdbPort,
        rethinkdbUsers: options.rethinkdbUsers ?? {},
        rethinkdbTls: options.rethinkdbTls ?? false,
        machines: options.machines ?? false,
        packages: options.packages,
    };
}
