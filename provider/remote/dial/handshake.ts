import { asError } from "../../as-error";
import type { Readable } from "node:stream";
import type { Client, ConnectConfig } from "ssh2";
import type { ResolvedConnection } from "../../connection";
import type { Trust } from "../trust/trust";
import { refusalOf } from "../trust/verify";
import type { Credentials } from "./credentials";
import { endedInExchange, isHangUp, noHostKey, type Phase } from "./failures";
import { Login } from "./login";
import { authenticationRefused, endedInLogin } from "./refusals";

/** A login that was accepted, and what the host said meanwhile. */
export interface Opened {
    client: Client;
    banner: string;
}

export interface Handshake {
    connection: ResolvedConnection;
    trust: Trust;
    algorithms: string[];
    credentials: Credentials;
    onPhase: (phase: Phase) => void;
}

/** Speaks SSH over a stream: key exchange, host key, login. */
export async function shakeHands(stream: Readable, options: Handshake, signal: AbortSignal): Promise<Opened> {
    const { connection, trust, algorithms, credentials, onPhase } = options;
    const { Client } = (await import("ssh2")).default;
    const user = connection.user ?? "root";
    const login = new Login(credentials, user);
    const client = new Client();
    let refusal: Error | undefined;
    let phase: Phase = "handshake";
    let offered: string[] = [];
    const reach = (reached: Phase): void => onPhase((phase = reached));
    const told = (error: Error & { level?: string }): Error => {
        if (refusal) return refusal;
        if (/no matching host key/i.test(error.message)) return noHostKey(connection, offered);
        if (phase === "exchange" && isHangUp(error)) return endedInExchange(connection, error);
        if (phase !== "authenticate") return error;
        return error.level === "client-authentication"
            ? authenticationRefused(connection, login.said)
            : endedInLogin(connection, login.said, error.message);
    };
    // what ssh2 tells in no other way; a message is poorer without it, and nothing else
    const hear = (line: string): void => {
        if (phase === "handshake" && line.startsWith("Remote ident: ")) reach("exchange");
        if (phase === "exchange") offered = listAfter(line, "Handshake: (remote) Host key format: ") ?? offered;
        const allowed = phase === "authenticate" ? listAfter(line, "Inbound: Received USERAUTH_FAILURE (") : undefined;
        if (allowed) login.refused(allowed);
    };
    try {
        await new Promise<void>((resolve, reject) => {
            // stays for the connection's life: an error event without a listener would end the process
            client.on("error", (error: Error & { level?: string }) => {
                // the login goes on with the next credential
                if (error.level === "agent") return;
                reject(told(error));
            });
            client.once("close", () => reject(told(new Error("connection ended"))));
            client.once("handshake", () => reach("authenticate"));
            client.on("banner", (text) => login.told(text));
            client.once("ready", resolve);
            signal.addEventListener("abort", () => reject(asError(signal.reason)), { once: true });
            signal.throwIfAborted();
            client.connect({
                sock: stream,
                username: user,
                authHandler: login.handler,
                debug: hear,
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
    const { banner, isVerdict } = login.said;
    return { client, banner: isVerdict ? banner : "" };
}

function listAfter(line: string, beginning: string): string[] | undefined {
    return line.startsWith(beginning)
        ? line.slice(beginning.length).replace(/\)$/, "").split(",").filter(Boolean)
        : undefined;
}
