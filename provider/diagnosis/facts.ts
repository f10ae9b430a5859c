import type { HypervisorRecord } from "../isardvdi/api";
import type { IsardvdiError } from "../errors";
import type { Saves } from "./probe/packet";
import type { Peer } from "./probe/wireguard";

/** Which hypervisor is asked about. */
export interface Subject {
    hyperId: string;
    /** As the program has it; the record's where the program is not at hand. */
    hostname?: string | undefined;
    sshPort?: number | undefined;
    /** As the program has it. */
    vpnTunnelingMode?: string | undefined;
    /** The program wants it disabled, so that being disabled is no failure. */
    isDisabledOnPurpose?: boolean | undefined;
    /** Its container makes the record, so that there may be none yet. */
    isSelfRegistered?: boolean | undefined;
}

/** What a place told, or why nobody looked there. */
export type Seen<T> = { seen: T } | { why: string };

export interface ApiFacts {
    /** Absent where the API answered. */
    error?: IsardvdiError | undefined;
    generation?: "v3" | "v4" | undefined;
    record?: HypervisorRecord | undefined;
    /** The ids of the site's other hypervisors. */
    others: readonly string[];
}

/** What both machines are asked. */
export interface MachineFacts {
    /** Epoch seconds by its own clock. */
    time: number | undefined;
    /** Names of the containers and how they do ("Up 3 hours"); undefined without Docker. */
    containers: ReadonlyMap<string, string> | undefined;
    /** Its rules; undefined where they cannot be listed. */
    saves: Saves | undefined;
    ovs: string | undefined;
    peers: readonly Peer[] | undefined;
    /** Last lines of a log or an answer by the command that printed them. */
    evidence: ReadonlyMap<string, readonly string[]>;
}

export interface ServerFacts extends MachineFacts {
    /** What the hostname resolves to; empty when it does not. */
    addresses: readonly string[] | undefined;
    ssh: Door | undefined;
    /** Host keys that answer now, "ssh-rsa AAAA…". */
    offeredKeys: readonly string[] | undefined;
    /** Those that registration stored. */
    storedKeys: readonly string[] | undefined;
    engineKeys: readonly string[] | undefined;
    /** How `docker port isard-vpn` prints what is published. */
    vpnPorts: string | undefined;
    bfd: string | undefined;
}

export interface HostFacts extends MachineFacts {
    authorizedKeys: readonly string[] | undefined;
    /** What virsh answered, and whether it was an error. */
    libvirt: { isUp: boolean; said: string } | undefined;
    /** "intel", "amd", or none: what the processor offers. */
    virtualization: "intel" | "amd" | "none" | undefined;
    /** The container's HYPER_ID, API_DOMAIN and DOMAIN. */
    settings: ReadonlyMap<string, string> | undefined;
    /** Exit code and text of curl, asked from the container for the API with its certificate verified. */
    apiAnswer: { code: number; said: string } | undefined;
}

/** How a TCP port behaves for the one who dials it. */
export type Door =
    | { state: "refused" | "timeout" | "unreachable" | "silent" }
    | { state: "ssh"; banner: string }
    | { state: "other"; banner: string };

export interface Facts {
    subject: Subject;
    api: ApiFacts;
    server: Seen<ServerFacts>;
    host: Seen<HostFacts>;
}
