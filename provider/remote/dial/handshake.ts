import type { Readable } from "node:stream";
import type { Client, ConnectConfig } from "ssh2";
import type { ConnectionArgs } from "../../connection";
import type { Trust } from "../trust/trust";
import { refusalOf } from "../trust/verify";
import type { Credentials } from "./credentials";
import { authenticationRefused, type Phase } from "./failures";
import { login } from "./login";

export interface Handshake {
    connection: ConnectionArgs;
    trust: Trust;
    algorithms: string[];
    credentials: Credentials;
    onPhase: (phase: Phase) => void;
}

/** Speaks SSH over a stream: key exchange, host key, login. */
export async function shakeHands(stream: Readable, options: Handshake, signal: AbortSignal): Promise<Client> {
    const { connection, trust, algorithms, credentials, onPhase } = options;
    const { Client } = (await import("ssh2")).default;
    const user = connection.user ?? "root";
    const { handler, said } = login(credentials, user);
    const client = new Client();
    let refusal: Error | undefined;
    let authenticating = false;
    try {
        await new Promise<void>((resolve, reject) => {
            // stays for the connection's life: an error event without a listener would end the process
            client.on("error", (error: Error & { level?: string }) => {
                // the login goes on with the next credential
                if (error.level === "agent") return;
                const denied = authenticating && /authentication/i.test(`${error.level} ${error.message}`);
                reject(refusal ?? (denied ? authenticationRefused(connection, said) : error));
            });
            client.once("close", () => reject(new Error("connection ended")));
            client.once("handshake", () => {
                authenticating = true;
                onPhase("authenticate");
            });
            client.once("ready", resolve);
            signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
            signal.throwIfAborted();
            client.connect({
                sock: stream,
                username: user,
                authHandler: handler,
                hostVerifier: (key: Buffer) => {
                    refusal = refusalOf(key, trust, connection);
                    return refusal === undefined;
                },
                algorithms: { serverHostKey: algorithms } as ConnectConfig["algorithms"],
                readyTimeout: 0,
                keepaliveInterval: 15_000,
                keepaliveCountMax: 3,
            });
        });
    } catch (error) {
        client.destroy();
        stream.destroy();
        throw error;
    }
    client.setNoDelay(true);
    return client;
}
