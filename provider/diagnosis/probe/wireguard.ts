/** A peer of `wg show`, less its keys. */
export interface Peer {
    allowedIps: readonly string[];
    /** Seconds; undefined when there has never been one. */
    handshakeAge: number | undefined;
}

const unitSeconds: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, year: 31_557_600 };

/** Reads what `wg show` prints for people, because its form for machines holds private keys. */
export function peersOf(text: string): Peer[] {
    return text
        .split(/^peer: /m)
        .slice(1)
        .map((block) => ({
            allowedIps: (field(block, "allowed ips") ?? "").split(", ").filter((each) => each && each !== "(none)"),
            handshakeAge: ageOf(field(block, "latest handshake")),
        }));
}

const field = (block: string, name: string): string | undefined =>
    new RegExp(`^ *${name}: (.*)$`, "m").exec(block)?.[1];

function ageOf(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    if (/^Now|in the future|System clock wound backward/i.test(text)) return 0;
    const parts = [...text.matchAll(/\b(\d{1,9}) (second|minute|hour|day|year)s?/g)];
    return parts.length > 0
        ? parts.reduce((sum, [, n, unit]) => sum + Number(n) * (unitSeconds[unit ?? ""] ?? 0), 0)
        : undefined;
}

/** "1 h 5 min": an age that a person reads at once. */
export function ageText(seconds: number): string {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    if (hours > 0) return `${hours} h ${minutes} min`;
    return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
