import type { Duplex } from "node:stream";
import type { Remote } from "../../remote";
import { silentLog } from "../../world";
import type { DatabaseSettings } from "../api";
import { type Database, openDatabase } from "./database";
import { connected, type Dial } from "./dial";
import { refusalOf } from "./refusal";

/** The database's container on IsardVDI's own network, where DOCKER_NET is the default. */
const container = "172.31.255.13";

type Route = (signal: AbortSignal) => Promise<Database>;

/** The ways to the database, best first: straight to the host that was named, then through the central server. */
export function routesTo(settings: DatabaseSettings, server: Remote | undefined): Route[] {
    const { host, port } = settings;
    const routes: Route[] = [];
    if (host !== undefined)
        routes.push(route(`at ${host}:${port}`, settings, (signal) => connected(host, port, signal)));
    if (server) {
        const far = host ?? container;
        const dial = (signal: AbortSignal): Promise<Duplex> => server.connect(far, port, { signal, log: silentLog });
        routes.push(route(`at ${far}:${port} through ${server.name}`, settings, dial));
    }
    return routes;
}

const route =
    (where: string, settings: DatabaseSettings, dial: Dial): Route =>
    async (signal) => {
        try {
            const database = await openDatabase(settings, dial, signal);
            return {
                ...database,
                async *changes() {
                    try {
                        yield* database.changes();
                    } catch (error) {
                        throw refusalOf(error, where);
                    }
                },
            };
        } catch (error) {
            throw refusalOf(error, where);
        }
    };

/** Tries one way after the other; a database that answers and refuses is not asked by another way. */
export function connectBy(routes: Route[]): Route {
    return async (signal) => {
        let last: unknown;
        for (const route of [...routes]) {
            try {
                const database = await route(signal);
                // a reconnection begins with the way that worked
                routes.sort((a, b) => Number(b === route) - Number(a === route));
                return database;
            } catch (error) {
                last = error;
                if (refusalOf(error, "").isFinal || signal.aborted) break;
            }
        }
        throw last;
    };
}
