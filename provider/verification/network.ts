import { asError } from "../as-error";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** The network as seen from where Pulumi runs. */
export interface Network {
    connect(host: string, port: number, signal: AbortSignal): Promise<Duplex>;
    /** Sends one datagram; resolves with the first answer, or with undefined when none came within `waitMs`. */
    ask(host: string, port: number, waitMs: number, signal: AbortSignal): Promise<Buffer | undefined>;
}

export const systemNetwork: Network = {
    connect: (host, port, signal) =>
        new Promise((resolve, reject) => {
            const socket = connect({ host, port, signal });
            socket.once("connect", () => resolve(socket));
            socket.once("error", reject);
        }),

    ask: (host, port, waitMs, signal) =>
        new Promise((resolve, reject) => {
            const socket = createSocket("udp4");
            const end = (settle: () => void): void => {
                clearTimeout(timer);
                signal.removeEventListener("abort", onAbort);
                socket.close();
                settle();
            };
            const onAbort = (): void => end(() => reject(asError(signal.reason)));
            const timer = setTimeout(() => end(() => resolve(undefined)), waitMs);
            signal.addEventListener("abort", onAbort, { once: true });
            // a connected socket hears of an ICMP refusal as well
            socket.once("error", (error) => end(() => reject(error)));
            socket.once("message", (answer) => end(() => resolve(answer)));
            socket.connect(port, host, () => socket.send(probe));
        }),
};

/** Zeros are a request in no protocol that could do harm. */
const probe = Buffer.alloc(8);
