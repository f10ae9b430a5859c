const hidden = "[redacted]";

/**
 * What never leaves a machine, and what stands for it: the first group, where there is one, is kept. Each begins at the
 * beginning of a word, so that a long one is gone through once and not from each of its letters.
 */
const secrets: readonly RegExp[] = [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    // a header of three parts; its claims alone name a person
    /(?<![\w-])eyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g,
    /(\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}/gi,
    // user:password@ in an address
    /((?<!\w)\w+:\/\/)[^\s/@:]*:[^\s/@]*(?=@)/g,
    // KEY=value, "key": "value", key: value
    /((?<![\w.-])["']?(?=[\w.-]*(?:private|preshared|secret|passw(?:or)?d|passphrase|token|api_?key|credential))[\w.-]+(?:[ _-]key)?["']?\s*[:=]\s*)(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?!\(hidden\))[^\s,;}\]]+)/gi,
    // "private key: …", as wg prints it
    /(\b(?:private|preshared) key:\s*)(?!\(hidden\))\S+/gi,
    // 32 bytes in base64: a WireGuard key, of which a public one looks the same
    /(?<![\w+/=])[A-Za-z0-9+/]{43}=(?![\w+/=])/g,
    // an SSH key's body
    /(\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+)\s+)AAAA[\w+/=]+/g,
];

/** A text without private keys, tokens, passwords and secrets. */
export function redact(text: string): string {
    return secrets.reduce(
        (left, pattern) =>
            left.replace(pattern, (_match, kept?: unknown) => `${typeof kept === "string" ? kept : ""}${hidden}`),
        text,
    );
}
