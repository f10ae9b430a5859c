import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../provider/configuration";
import { isCode } from "../../provider/errors";
import type { SiteConnection } from "./args";

/** What is known of the machines behind a site's connections, before any of them is dialled. */
export interface Hosts {
    /** Name or address; undefined for a connection that the configuration does not have. */
    of: (connection: SiteConnection) => pulumi.Input<string> | undefined;
    /** The same text for the same machine, as far as names tell; undefined where they do not tell yet. */
    machine: (connection: SiteConnection | undefined) => string | undefined;
}

export function hostsOf(configuration: Configuration): Hosts {
    const named = (connection: SiteConnection): Exclude<SiteConnection, string> | undefined => {
        if (typeof connection !== "string") return connection;
        try {
            return configuration.connection(connection);
        } catch (error) {
            if (isCode(error, "bad-configuration") && error.property === "connection") return undefined;
            throw error;
        }
    };
    return {
        of: (connection) => named(connection)?.host,
        machine: (connection) => machineOf(connection !== undefined ? named(connection) : undefined),
    };
}

/** Behind a jump host the same address may be another machine. */
function machineOf(connection: Exclude<SiteConnection, string> | undefined): string | undefined {
    const { host, port = 22, proxy } = connection ?? {};
    if (typeof host !== "string" || typeof port !== "number") return undefined;
    const through = proxy === undefined ? "" : machineOf(proxy as Exclude<SiteConnection, string>);
    return through === undefined ? undefined : `${host.toLowerCase()}:${port}${through && ` through ${through}`}`;
}
