import type { Server, Socket } from "node:net";
import type { ConnectionArgs } from "../../provider/connection";
import type { Host } from "./host";

/** Opens the socket on which an sshd listens. */
export type Listen = () => Promise<Server>;

/** What the hosts of a world stand on. */
export interface Ground {
    /** Of the host with that number; it may be virtual. */
    address(number: number): string;
    /** Makes room for a host, and says how the sshd of its hypervisor listens. */
    place(name: string, address: string): Listen;
    /** Opens a connection as the site's server does. */
    dial(host: Host, port: number): Promise<Socket>;
    /** By name, how an operator logs in to the site's server and to the hosts that are ready. */
    connections(): Record<string, ConnectionArgs>;
    stop(): Promise<void>;
}
