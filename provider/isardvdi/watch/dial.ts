import { once } from "node:events";
import { connect, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { withDeadline } from "../../concurrency/deadline";
import { systemClock } from "../../world";
import type { DatabaseSettings } from "../api";

/** A stream to the database's port. */
export type Dial = (signal: AbortSignal) => Promise<Duplex>;

/** Seconds that a connection may take to open. */
export const openWithin = 5;

export function connected(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    return opening(signal, async (over) => {
        const socket = connect({ host, port, noDelay: true, keepAlive: true });
        // whoever reads from it is told by its end
        socket.on("error", () => undefined);
        await once(socket, "connect", { signal: over }).catch((error: unknown) => {
            socket.destroy();
            throw error;
        });
        return socket;
    });
}

/** TLS on top of a stream, where the settings ask for it: before anything of the database's own is read. */
export async function secured(
    { tls, host, caCert }: DatabaseSettings,
    stream: Duplex,
    signal: AbortSignal,
): Promise<Duplex> {
    if (!tls) return stream;
    return await opening(signal, async (over) => {
        const named = host !== undefined && !isIP(host) && { servername: host };
        const socket = connectTls({
            socket: stream,
            ...(host !== undefined && { host }),
            ...(caCert && { ca: caCert }),
            ...named,
        });
        await once(socket, "secureConnect", { signal: over });
        return socket.on("error", () => undefined);
    });
}

/** Each step of opening a connection has an end. */
export const opening = <T>(signal: AbortSignal, open: (over: AbortSignal) => Promise<T>): Promise<T> =>
    withDeadline(openWithin * 1000, { clock: systemClock, signal }, open);
