import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** A refusal of the handshake, with the server's own number and words. */
export class AuthenticationError extends Error {
    constructor(
        readonly code: number,
        message: string,
    ) {
        super(message);
    }
}

export interface Secret {
    salt: Buffer;
    hash: Buffer;
}

const iterations = 4096;

export function secretOf(password: string): Secret {
    const salt = randomBytes(16);
    return { salt, hash: pbkdf2Sync(password, salt, iterations, 32, "sha256") };
}

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** SCRAM-SHA-256 as the server speaks it: two messages of the client, two answers. */
export class Scram {
    user = "";
    private clientFirst = "";
    private serverFirst = "";
    private nonce = "";
    private secret: Secret | undefined;

    constructor(private readonly secretOfUser: (user: string) => Secret | undefined) {}

    first(message: string): string {
        if (!message.startsWith("n,")) throw new AuthenticationError(15, "Channel binding is not supported");
        this.clientFirst = message.slice(message.indexOf(",", 2) + 1);
        const attributes = split(this.clientFirst);
        this.user = (attributes.get("n") ?? "").replaceAll("=2C", ",").replaceAll("=3D", "=");
        this.nonce = `${attributes.get("r") ?? ""}${randomBytes(18).toString("base64")}`;
        this.secret = this.secretOfUser(this.user);
        // whether the user exists is told only after the proof
        const salt = this.secret?.salt ?? randomBytes(16);
        this.serverFirst = `r=${this.nonce},s=${salt.toString("base64")},i=${iterations}`;
        return this.serverFirst;
    }

    final(message: string): string {
        if (!this.secret) throw new AuthenticationError(17, "Unknown user");
        const attributes = split(message);
        if (attributes.get("r") !== this.nonce) throw new AuthenticationError(20, "Other error");
        const said = `${this.clientFirst},${this.serverFirst},${message.slice(0, message.indexOf(",p="))}`;
        const clientKey = hmac(this.secret.hash, "Client Key");
        const signature = hmac(createHash("sha256").update(clientKey).digest(), said);
        const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))).toString("base64");
        if (attributes.get("p") !== proof) throw new AuthenticationError(12, "Wrong password");
        return `v=${hmac(hmac(this.secret.hash, "Server Key"), said).toString("base64")}`;
    }
}

function split(message: string): Map<string, string> {
    const attributes = new Map<string, string>();
    for (const part of message.split(",")) {
        if (part[1] !== "=" || attributes.has(part.charAt(0))) throw new AuthenticationError(10, "Invalid encoding");
        attributes.set(part.charAt(0), part.slice(2));
    }
    return attributes;
}
