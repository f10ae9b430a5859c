import { asError } from "../../as-error";
import { createPrivateKey, type KeyObject } from "node:crypto";
import type { ParsedKey } from "ssh2";
import type { ConnectionArgs } from "../../connection";
import { IsardvdiError } from "../../errors";
import { connectionName } from "../name";
import { openSshText } from "./openssh-text";

/** Reads a private key in any text form that ssh-keygen, openssl or Pulumi's tls provider writes. */
export async function parsePrivateKey(connection: ConnectionArgs): Promise<ParsedKey> {
    const { privateKey = "", privateKeyPassword } = connection;
    const text = privateKey.trim();
    const { utils } = (await import("ssh2")).default;
    const parsed = /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)
        ? fromPkcs8(text, privateKeyPassword, utils.parseKey)
        : utils.parseKey(text, privateKeyPassword);
    const key = Array.isArray(parsed) ? (parsed as ParsedKey[])[0] : parsed;
    if (key instanceof Error || !key) throw unusable(connection, key?.message ?? "");
    if (!key.isPrivateKey()) throw unusable(connection, "public");
    return key;
}

/** ssh2 does not read PKCS #8, which is what tls.PrivateKey gives for ed25519. */
function fromPkcs8(text: string, passphrase: string | undefined, parse: (text: string) => ParsedKey | Error) {
    try {
        return parse(sshForm(createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) })));
    } catch (error) {
        return new Error(passphrase === undefined ? asError(error).message : "bad passphrase");
    }
}

function sshForm(key: KeyObject): string {
    const types: Record<string, () => string> = {
        rsa: () => key.export({ type: "pkcs1", format: "pem" }) as string,
        ec: () => key.export({ type: "sec1", format: "pem" }) as string,
        ed25519: () => openSshText(key),
    };
    const text = types[key.asymmetricKeyType ?? ""]?.();
    if (text === undefined) throw new Error("unsupported type");
    return text;
}

/** Parsers' words never quote the key, yet only the kind of mistake is passed on. */
const mistakes: readonly [RegExp, string, string, string][] = [
    [
        /no passphrase|passphrase required|interrupted or cancelled/i,
        "the private key is encrypted, and privateKeyPassword is not set",
        "Set privateKeyPassword to its passphrase.",
        "privateKeyPassword",
    ],
    [
        /bad passphrase|bad decrypt|integrity check/i,
        "privateKeyPassword does not open the private key",
        "Correct the passphrase.",
        "privateKeyPassword",
    ],
    [
        /^public$/,
        "privateKey holds a public key",
        "Give the text of the private one, the file without .pub.",
        "privateKey",
    ],
    [
        /./s,
        "privateKey cannot be read as a key",
        "Give the whole text of the file, from -----BEGIN to -----END with its line breaks, as PEM or OpenSSH text (ed25519, ECDSA or RSA).",
        "privateKey",
    ],
];

function unusable(connection: ConnectionArgs, message: string): IsardvdiError {
    const encrypted = connection.privateKeyPassword !== undefined && /Malformed|Encrypted/i.test(message);
    const text = encrypted ? "bad passphrase" : message || "unreadable";
    const [, seen, advice, property] = mistakes.find(([pattern]) => pattern.test(text)) ?? ["", "", "", ""];
    return new IsardvdiError({
        code: "bad-input",
        action: "reach",
        resource: connectionName(connection),
        seen,
        advice,
        property: `connection.${property}`,
    });
}
