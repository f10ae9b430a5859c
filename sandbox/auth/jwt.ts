import { createHmac, timingSafeEqual } from "node:crypto";
import { isRow, type Row } from "../row";

const base64url = (value: string): string => Buffer.from(value).toString("base64url");

const signature = (content: string, secret: string): Buffer => createHmac("sha256", secret).update(content).digest();

/** A JSON Web Token with HS256; the secret is the literal text, not decoded from anything. */
export function signToken(claims: Row, secret: string): string {
    const content = `${base64url(JSON.stringify({ alg: "HS256", typ: "JWT" }))}.${base64url(JSON.stringify(claims))}`;
    return `${content}.${signature(content, secret).toString("base64url")}`;
}

/** The claims without any check; undefined when the text is no token. */
export function readToken(token: string): Row | undefined {
    const parts = token.split(".");
    if (parts.length !== 3) return undefined;
    try {
        const header: unknown = JSON.parse(Buffer.from(parts[0] ?? "", "base64url").toString());
        const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? "", "base64url").toString());
        return isRow(claims) && isRow(header) && header.alg === "HS256" ? claims : undefined;
    } catch {
        return undefined;
    }
}

export function isSignedWith(token: string, secret: string): boolean {
    const end = token.lastIndexOf(".");
    const given = Buffer.from(token.slice(end + 1), "base64url");
    const right = signature(token.slice(0, end), secret);
    return given.length === right.length && timingSafeEqual(given, right);
}
