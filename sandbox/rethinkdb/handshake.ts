import { MAGIC_V1_0 } from "./protocol";
import { AuthenticationError, Scram, type Secret } from "./scram";

/** What a step of the handshake answers; `user` ends it, `failed` ends the connection. */
interface Step {
    send: string;
    user?: string;
    failed?: true;
}

const VERSION = { success: true, min_protocol_version: 0, max_protocol_version: 0, server_version: "2.4.4" };

/** The V1_0 handshake: a magic number, then JSON texts that end with a zero byte. */
export class Handshake {
    private readonly scram: Scram;
    private step: "magic" | "first" | "final" = "magic";

    constructor(secretOfUser: (user: string) => Secret | undefined) {
        this.scram = new Scram(secretOfUser);
    }

    /** Takes one whole message off the buffer; undefined while it is not there yet. */
    take(buffer: Buffer): { rest: Buffer; answer: Step } | undefined {
        if (this.step === "magic") {
            if (buffer.length < 4) return undefined;
            return { rest: buffer.subarray(4), answer: this.magic(buffer.readUInt32LE(0)) };
        }
        const end = buffer.indexOf(0);
        if (end < 0) return undefined;
        return { rest: buffer.subarray(end + 1), answer: this.message(buffer.toString("utf8", 0, end)) };
    }

    private magic(number: number): Step {
        if (number !== MAGIC_V1_0) {
            return {
                send: "ERROR: Received an unsupported protocol version. This port is for RethinkDB queries. Does your client driver version not match the server?\n",
                failed: true,
            };
        }
        this.step = "first";
        return { send: JSON.stringify(VERSION) };
    }

    private message(text: string): Step {
        try {
            const message = JSON.parse(text) as Record<string, unknown>;
            const said = String(message["authentication"]);
            if (this.step === "final")
                return {
                    send: JSON.stringify({ success: true, authentication: this.scram.final(said) }),
                    user: this.scram.user,
                };
            if (message["protocol_version"] !== 0) throw new AuthenticationError(3, "Unsupported `protocol_version`.");
            if (message["authentication_method"] !== "SCRAM-SHA-256")
                throw new AuthenticationError(6, "Unsupported `authentication_method`.");
            this.step = "final";
            return { send: JSON.stringify({ success: true, authentication: this.scram.first(said) }) };
        } catch (error) {
            const { message, code } =
                error instanceof AuthenticationError
                    ? error
                    : new AuthenticationError(1, "Invalid JSON in the handshake.");
            return { send: JSON.stringify({ success: false, error: message, error_code: code }), failed: true };
        }
    }
}
