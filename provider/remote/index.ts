import type { SshDefaults } from "../configuration";
import type { ConnectionArgs } from "../connection";
import { type Clock, systemClock } from "../world";
import { Machine } from "./machine";
import type { Remotes } from "./remote";

export { shellQuote } from "./quote";
export type { CommandResult, Remote, RemoteCall, Remotes } from "./remote";

export interface RemotesWorld {
    /** What the user's own ssh would use; nothing by default. */
    ssh?: SshDefaults;
    clock?: Clock;
}

/** Opens machines over SSH; ssh2 is loaded with the first command. */
export function openRemotes({ ssh = noDefaults, clock = systemClock }: RemotesWorld = {}): Remotes {
    const machines = new Map<string, Machine>();
    const open = (connection: ConnectionArgs): Machine => {
        const key = identity(connection);
        const known = machines.get(key);
        if (known) return known;
        // a jump host is pooled like any other: many hosts behind it share its connection
        const jumpHost = connection.proxy && open(connection.proxy);
        const machine = new Machine(connection, { ssh, clock }, jumpHost);
        machines.set(key, machine);
        return machine;
    };
    return {
        open,
        async close() {
            // those behind a jump host were opened after it
            for (const machine of [...machines.values()].reverse()) await machine.close();
            machines.clear();
        },
    };
}

const noDefaults: SshDefaults = { knownHosts: [], privateKeys: [] };

/** All fields, in one order, with the defaults that name a machine. */
function identity(connection: ConnectionArgs): string {
    const { proxy, ...own } = { port: 22, user: "root", ...connection };
    const fields = Object.entries(own).filter(([, value]) => value !== undefined);
    return JSON.stringify([fields.sort(([a], [b]) => (a < b ? -1 : 1)), proxy ? identity(proxy) : undefined]);
}
