import { asError } from "../../as-error";
import { connect, type Socket } from "node:net";

/** A TCP connection, or the reason why there is none; destroyed when the signal is aborted. */
export function openSocket(host: string, port: number, signal: AbortSignal): Promise<Socket> {
    return new Promise((resolve, reject) => {
        // without noDelay each round trip waits for a delayed acknowledgement
        const socket = connect({ host, port, noDelay: true, keepAlive: true });
        const stop = (): void => {
            socket.destroy();
            reject(asError(signal.reason));
        };
        socket.once("error", (error) => {
            signal.removeEventListener("abort", stop);
            reject(error);
        });
        socket.once("connect", () => {
            signal.removeEventListener("abort", stop);
            resolve(socket);
        });
        if (signal.aborted) stop();
        else signal.addEventListener("abort", stop, { once: true });
    });
}
