import type { KeyObject } from "node:crypto";

/** An ed25519 key in OpenSSH's own text form, unencrypted and in memory only. */
export function openSshText(key: KeyObject): string {
    const jwk = key.export({ format: "jwk" });
    const seed = Buffer.from(jwk.d ?? "", "base64url");
    const point = Buffer.from(jwk.x ?? "", "base64url");
    const publicBlob = Buffer.concat([field("ssh-ed25519"), field(point)]);
    const check = Buffer.alloc(8);
    const body = Buffer.concat([check, publicBlob, field(Buffer.concat([seed, point])), field("")]);
    const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1));
    const whole = Buffer.concat([
        Buffer.from("openssh-key-v1\0"),
        field("none"),
        field("none"),
        field(""),
        Buffer.from([0, 0, 0, 1]),
        field(publicBlob),
        field(Buffer.concat([body, padding])),
    ]);
    const lines = whole.toString("base64").match(/.{1,70}/g) ?? [];
    return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

function field(value: string | Buffer): Buffer {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
}
