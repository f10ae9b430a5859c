import type { Connection } from "rethinkdb-ts";
import type { DatabaseSettings, HypervisorRecord } from "../api";
import { projection, recordOf } from "../hypervisor-fields";
import { type Dial, opening, openWithin, secured } from "./dial";
import { openTunnel, type Tunnel } from "./tunnel";

/** What a feed tells: a row as it is now, the end of the rows that were there already, or a gap. */
export type Change =
    { kind: "row"; hyperId: string; record: HypervisorRecord | undefined } | { kind: "ready" } | { kind: "gap" };

/** One connection to a site's database, for one feed and the reads beside it. */
export interface Database {
    /** Every change of a record, after the records that are there. */
    changes(): AsyncIterable<Change>;
    read(hyperIds: string[]): Promise<Map<string, HypervisorRecord>>;
    close(): void;
}

interface Event {
    new_val?: { id: string } | null;
    old_val?: { id: string } | null;
    state?: string;
    error?: string;
}

/** The driver's own types of terms cost the compiler minutes; these are the terms that are used. */
interface Rows {
    pluck(...fields: unknown[]): Rows;
    changes(options: object): Rows;
    getAll(...keys: string[]): Rows;
    run<T>(connection: Connection): Promise<T>;
}
interface Cursor extends AsyncIterable<Event> {
    close(): Promise<void>;
}

export async function openDatabase(settings: DatabaseSettings, dial: Dial, signal: AbortSignal): Promise<Database> {
    const tunnel = await tunnelTo(settings, dial, signal);
    try {
        const { r } = await import("rethinkdb-ts");
        const { user, password, db } = settings;
        const connection = await opening(signal, (over) => {
            const server: object = { path: tunnel.path, signal: over };
            return r.connect({ server, user, password, db, timeout: openWithin, silent: true });
        });
        return databaseOf(r.table("hypervisors") as unknown as Rows, connection, tunnel);
    } catch (error) {
        tunnel.close();
        // the driver knows no more than that its connection has ended
        throw tunnel.why() ?? error;
    }
}

async function tunnelTo(settings: DatabaseSettings, dial: Dial, signal: AbortSignal): Promise<Tunnel> {
    const far = await dial(signal);
    try {
        return await openTunnel(await secured(settings, far, signal));
    } catch (error) {
        far.destroy();
        throw error;
    }
}

function databaseOf(table: Rows, connection: Connection, tunnel: Tunnel): Database {
    return {
        async *changes() {
            try {
                const cursor = await table
                    .pluck(...projection)
                    .changes({ includeInitial: true, includeStates: true })
                    .run<Cursor>(connection);
                for await (const event of cursor) yield* changesOf(event);
            } catch (error) {
                throw tunnel.why() ?? error;
            }
            // the driver ends a stream quietly when its connection has ended
            throw tunnel.why() ?? new Error("the change feed has ended");
        },
        async read(hyperIds) {
            const rows = await table
                .getAll(...hyperIds)
                .pluck(...projection)
                .run<{ id: string }[]>(connection);
            return new Map(rows.map((row) => [row.id, recordOf(row)]));
        },
        close: () => {
            void connection.close().catch(() => undefined);
            tunnel.close();
        },
    };
}

function* changesOf({ new_val, old_val, state, error }: Event): Generator<Change> {
    if (state === "ready") yield { kind: "ready" };
    // the server's queue was full: what it dropped can only be read
    else if (error !== undefined) yield { kind: "gap" };
    else if (new_val) yield { kind: "row", hyperId: new_val.id, record: recordOf(new_val) };
    else if (old_val) yield { kind: "row", hyperId: old_val.id, record: undefined };
}
