/** What Pulumi puts around a secret, in a state and on the wire. */
const mark = "4dabf18193072939515e22adb298388d";

/** A value without those wrappings: in a state shown in clear the secret is JSON, on the wire it is the value. */
export function opened(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(opened);
    if (typeof value !== "object" || value === null) return value;
    if (mark in value) {
        const { plaintext, value: inner } = value as { plaintext?: string; value?: unknown };
        return opened(plaintext === undefined ? inner : (JSON.parse(plaintext) as unknown));
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, opened(each)]));
}
