import type { Server, Socket } from "node:net";
import type { ConnectionArgs } from "../../provider/connection";
import type { Machine } from "../machine/machine";
import type { Command } from "../machine/shims";
import type { Host } from "./host";

/** Opens the socket on which an sshd listens. */
export type Listen = () => Promise<Server>;

/** Who answers the commands typed on a world's machines, in their containers and out of them. */
export interface Desk {
    server(machine: Machine): Command;
    host(name: string, hypervisor: Machine): Command;
}

/** What the hosts of a world stand on. */
export interface Ground {
    /** Of the host with that number; it may be virtual. */
    address(number: number): string;
    /** Makes room for a host, and says how the sshd of its hypervisor listens. */
    place(name: string, address: string): Listen;
    /** Makes a host's machine look as its switches say. */
    show(host: Host): void;
    /** Writes the names that the site's server knows: lines of a hosts file. */
    name(lines: readonly string[]): void;
    /** Lets the site's server reach the database that listens on a port of this machine. */
    database(port: number): Promise<void>;
    /** Puts IsardVDI's own checkout with that isardvdi.cfg onto the site's server, built and started. */
    checkout(cfg: string): Promise<void>;
    /** Gives the machines somebody who answers the commands of their containers. */
    equip(desk: Desk): void;
    /** Opens a connection as the site's server does. */
    dial(host: Host, port: number): Promise<Socket>;
    /** By name, how an operator logs in to the site's server and to the hosts that are ready. */
    connections(): Record<string, ConnectionArgs>;
    stop(): Promise<void>;
}
