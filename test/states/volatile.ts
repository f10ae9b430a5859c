import { createHash } from "node:crypto";

/**
 * What is another one in each run, and what a recording has in its place. A fixed value stands for what no later run
 * has to know; a live one is put back when the recording is replayed, so that the old state meets a world like its own.
 */
const fixed: Record<string, { why: string; value: unknown }> = {
    created: { why: "when the engine wrote it", value: "2026-01-01T00:00:00Z" },
    modified: { why: "when the engine wrote it", value: "2026-01-01T00:00:00Z" },
    time: { why: "when it was exported", value: "2026-01-01T00:00:00Z" },
    salt: {
        why: "of the passphrase; the secrets themselves are recorded in clear",
        value: "v1:AAAAAAAAAAA=:v1:fixed:",
    },
    statusTime: { why: "when the site's engine wrote the status", value: 1_767_225_600 },
    status_time: { why: "the same, in the row", value: 1_767_225_600 },
    timestamp: { why: "when the container told its boot step", value: 1_767_225_600 },
    private: { why: "a tunnel's key", value: "cHJpdmF0ZSBrZXkgb2YgYSByZWNvcmRlZCB0dW5uZWw=" },
    public: { why: "a tunnel's key", value: "cHVibGljIGtleSBvZiBhIHJlY29yZGVkIHR1bm5lbC4=" },
};

/** Where the checkout lay, and what the site's engine goes on writing about load and the past. */
const dropped = new Set(["sourcePosition", "stackTrace", "stats", "prev_status", "mountpoints"]);

/** Lists in whose order Pulumi's SDK makes no promise. */
const unordered = new Set(["dependencies"]);

/** Pulumi's own ids of providers, in the order in which they come. */
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** Live values by placeholder: ports of relays, host keys, private keys. */
export type Live = Readonly<Record<string, string>>;

/** A value as a recording has it. */
export function recorded(value: unknown, live: Live): unknown {
    const ids = new Map<string, string>();
    const numbered = (id: string): string => {
        const number = ids.get(id) ?? `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, "0")}`;
        ids.set(id, number);
        return number;
    };
    const byLength = Object.entries(live).sort(([, a], [, b]) => b.length - a.length);
    const text = (each: string): string =>
        byLength.reduce((done, [name, own]) => done.replaceAll(own, name), each).replace(uuid, numbered);
    return mapped(value, {
        text,
        number: (each) => byLength.find(([name, own]) => isPort(name) && own === `${host}${each}`)?.[0] ?? each,
        property: (key, each, { __urn }) => {
            if (key === "__owner") return tokenOf(__urn);
            if (key === "pulumi_owner")
                return String(each).replace(/^\w{12} (.*)$/, (_, urn) => `${tokenOf(urn)} ${urn}`);
            const entry = Object.hasOwn(fixed, key) ? fixed[key] : undefined;
            // absent, false and the like stay: only a value that was written is another one each time
            if (entry && (typeof each === "string" || typeof each === "number")) return entry.value;
            return unordered.has(key) && Array.isArray(each) ? [...(each as string[])].sort() : undefined;
        },
    });
}

/** Whose a record is, by a token that is made by chance: one and the same for the state and the row of a resource. */
const tokenOf = (urn: unknown): string => createHash("sha256").update(String(urn)).digest("hex").slice(0, 12);

/** A recorded value for the world of now. */
export function revived(value: unknown, live: Live): unknown {
    const entries = Object.entries(live);
    return mapped(value, {
        text: (each) => {
            const port = isPort(each) ? live[each] : undefined;
            if (port !== undefined) return Number(port.slice(host.length));
            return entries.reduce((done, [name, own]) => done.replaceAll(name, own), each);
        },
        number: (each) => each,
        property: () => undefined,
    });
}

/** A port's live value has its host before it, for a number alone occurs anywhere. */
export const host = "127.0.0.1:";
const isPort = (name: string): boolean => /^@port [^@]*@$/.test(name);

interface Mapping {
    text(value: string): unknown;
    number(value: number): unknown;
    /** Another value for a property; undefined: its own, mapped. */
    property(key: string, value: unknown, beside: Readonly<Record<string, unknown>>): unknown;
}

function mapped(value: unknown, how: Mapping): unknown {
    if (typeof value === "number") return how.number(value);
    if (typeof value === "string") {
        const inner = parsed(value);
        return inner === undefined ? how.text(value) : JSON.stringify(mapped(inner, how));
    }
    if (Array.isArray(value)) return value.map((each) => mapped(each, how));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value)
            .filter(([key]) => !dropped.has(key))
            .map(([key, each]) => [
                key,
                how.property(key, each, value as Record<string, unknown>) ?? mapped(each, how),
            ]),
    );
}

/** JSON within a text: Pulumi keeps secrets and configuration so. */
function parsed(text: string): unknown {
    if (!/^[{["]/.test(text)) return undefined;
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}
