import { once } from "node:events";
import { connect, isIP, type NetConnectOpts } from "node:net";
import type { Connection, RServerConnectionOptions } from "rethinkdb-ts";
import type { DatabaseSettings, HypervisorRecord } from "../api";
import { recordOf } from "../record";
import { projection } from "./projection";

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

/** Seconds that a connection may take to open. */
const openWithin = 5;

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

type Way = { host: string; port: number } | { path: string };

/** `way` is where to dial: host and port, or the path of a socket. */
export async function openDatabase(settings: DatabaseSettings, way: Way, signal: AbortSignal): Promise<Database> {
    const { r } = await import("rethinkdb-ts");
    const { user, password, db } = settings;
    const connection = await opening(signal, async (over) => {
        const dial: object = { ...way, noDelay: true, keepAlive: true, signal: over };
        const server = (settings.tls ? await secured(settings, dial, over) : dial) as RServerConnectionOptions;
        return r.connect({ server, user, password, db, timeout: openWithin, silent: true });
    });
    const table = r.table("hypervisors") as unknown as Rows;
    return {
        async *changes() {
            const cursor = await table
                .pluck(...projection)
                .changes({ includeInitial: true, includeStates: true })
                .run<Cursor>(connection);
            for await (const event of cursor) yield* changesOf(event);
            // the driver ends a stream quietly when its connection has ended
            throw new Error("the change feed has ended");
        },
        async read(hyperIds) {
            const rows = await table
                .getAll(...hyperIds)
                .pluck(...projection)
                .run<{ id: string }[]>(connection);
            return new Map(rows.map((row) => [row.id, recordOf(row)]));
        },
        close: () => void connection.close().catch(() => undefined),
    };
}

/**
 * The driver gives a dial up without ending it, so what is under way is cut; once open, it is the driver's alone,
 * whose sockets have no listener for a later abort.
 */
async function opening<T>(signal: AbortSignal, open: (over: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const over = new AbortController();
    const cut = (): void => over.abort(signal.reason);
    signal.addEventListener("abort", cut, { once: true });
    const late = setTimeout(() => over.abort(new Error(`no connection within ${openWithin} s`)), openWithin * 1000);
    try {
        return await open(over.signal);
    } catch (error) {
        cut();
        throw error;
    } finally {
        clearTimeout(late);
        signal.removeEventListener("abort", cut);
    }
}

/** A connected socket for the driver's TLS, which could not be cut while it dials itself. */
async function secured({ host, caCert }: DatabaseSettings, dial: object, over: AbortSignal): Promise<object> {
    const socket = connect(dial as NetConnectOpts);
    // the TLS on top of it tells what goes wrong
    socket.on("error", () => undefined);
    await once(socket, "connect", { signal: over });
    const named = host !== undefined && !isIP(host) && { servername: host };
    return { tls: true, socket, ca: caCert, host, ...named };
}

function* changesOf({ new_val, old_val, state, error }: Event): Generator<Change> {
    if (state === "ready") yield { kind: "ready" };
    // the server's queue was full: what it dropped can only be read
    else if (error !== undefined) yield { kind: "gap" };
    else if (new_val) yield { kind: "row", hyperId: new_val.id, record: recordOf(new_val) };
    else if (old_val) yield { kind: "row", hyperId: old_val.id, record: undefined };
}
