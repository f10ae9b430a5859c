import { randomBytes } from "node:crypto";
import type { KeyPair } from "../world/keys";

/** The folder that registration hands out: texts shaped like PEM, and the engine's real public key. */
export function certificates(key: KeyPair): Record<string, string> {
    return {
        "ca-cert.pem": pem("CERTIFICATE"),
        "ca-key.pem": pem("PRIVATE KEY"),
        "server-cert.pem": pem("CERTIFICATE"),
        "server-key.pem": pem("PRIVATE KEY"),
        "server-key.csr": pem("CERTIFICATE REQUEST"),
        "id_rsa.pub": key.publicText,
    };
}

function pem(label: string): string {
    return `-----BEGIN ${label}-----\n${randomBytes(48).toString("base64")}\n-----END ${label}-----\n`;
}
