import type { IsardvdiError } from "../errors";
import type { Remote, RemoteCall } from "../remote/remote";
import type { Twin } from "./foreign/foreign";
import type { Verdict } from "./foreign/judge";

export type BackendName = "iptables" | "firewalld" | "nftables";

/** One forward as the program wants it. */
export interface Forward {
    protocol: "tcp" | "udp";
    /** First and last port, both included; the same for a single one. */
    from: number;
    to: number;
    toAddress: string;
    /** Absent: the port is kept, which is the only promise a range can give. */
    toPort?: number | undefined;
    sourceCidrs?: readonly string[] | undefined;
    inInterface?: string | undefined;
    /** Also for what the host itself sends. */
    local?: boolean | undefined;
    /** firewalld only. */
    zone?: string | undefined;
    persist: boolean;
}

/** Whose a forward is: the tag stands in every rule, the whole name in the ledger on the host. */
export interface Owner {
    tag: string;
    /** The resource's URN, quoted when another stack wants the same port. */
    name: string;
}

/** What one resource wants of the host; without a forward, that its rules are gone. */
export interface Change {
    owner: Owner;
    forward: Forward | undefined;
    backend: "auto" | BackendName;
    /** Takes over an equal foreign rule: own rule in first, foreign one out second. */
    adopt: boolean;
    /**
     * A resource that is being made gets another tag than an earlier one of its name, so that the deletion of that one
     * finds nothing of what the new one has taken over.
     */
    isNew?: boolean;
    rollbackSeconds: number;
}

/** One forward as the host has it. */
export interface Installed {
    owner: Owner;
    forward: Forward;
    backend: BackendName;
    /** The exact lines owned. */
    rules: string[];
    /** Owned lines, accepts or means of persistence that are not there (any more): drift. */
    missing: string[];
}

/** What one read-only round trip saw. */
export interface HostFirewall {
    machineId: string;
    backend: BackendName;
    /** Why this back end: "Docker's chains live in iptables-nft, and firewalld does not run". */
    why: string;
    /** Own forwards by tag, those of other stacks included. */
    forwards: ReadonlyMap<string, Installed>;
    /** Foreign rules that forward something, as the host prints them. */
    foreign: readonly ForeignRule[];
    /** Why a forward cannot work there. */
    obstacle(forward: Forward): IsardvdiError | undefined;
    /** Those of them that have to do with the packets of a forward. */
    judged(forward: Forward): readonly { line: string; verdict: Verdict }[];
}

/** A rule that is not ours and forwards something. */
export interface ForeignRule {
    line: string;
    /** The program whose chain it stands in, and which makes it anew. */
    program?: string | undefined;
    /** Where it sends what it takes, if to one address. */
    toAddress: string | undefined;
    /** The forward that does just the same, and so can take it over. */
    twin?: Twin | undefined;
    /** Why there is none. */
    why?: string | undefined;
}

/** The forwards of a host, behind one interface for every back end. */
export interface Firewall {
    /** One round trip; changes nothing. */
    inspect(remote: Remote, backend: "auto" | BackendName, call: RemoteCall): Promise<HostFirewall>;
    /**
     * All changes in one transaction under the host's lock, with a rollback armed before and disarmed over a
     * new connection after. A change that conflicts is refused by itself; the others go through.
     */
    apply(remote: Remote, changes: readonly Change[], call: RemoteCall): Promise<Applied>;
}

export interface Applied {
    host: HostFirewall;
    /** By the tag that was asked for: only those that were refused. */
    refused: ReadonlyMap<string, IsardvdiError>;
    /** The tags of new ones, by those that they asked for. */
    tags: ReadonlyMap<string, string>;
}
