import type { Row } from "../../sandbox/row";

/** What a world holds: all that a resource may leave a trace in. */
export interface Held {
    /** The tables of each site, by the site's name. */
    sites: Record<string, { hypervisors: Row[]; interfaces: Row[] }>;
    machines: Record<string, MachineHeld>;
}

export interface MachineHeld {
    machineId: string;
    ipForward: string;
    /** By the tool that prints them, without counters. */
    rules: Record<string, string[]>;
    /** By path: the mode, and the lines or where a link leads. */
    files: Record<string, { mode: string; lines: string[] } | { link: string }>;
    /** What firewalld has at run time, where it runs. */
    firewalld?: { rich: Record<string, string[]>; ports: Record<string, string[][]>; direct: Direct[] };
    /** Of a checkout with a history. */
    commit?: string;
    /** What the containers that read the server's cfg were started with. */
    containers?: Record<string, string[]>;
}

/** Family, table, chain, priority, arguments. */
export type Direct = [string, string, string, number, string[]];
