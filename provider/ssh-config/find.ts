import { matchesPatterns } from "./pattern";
import type { Entry } from "./read";

/** What a file says of one host. */
export interface Found {
    hostName?: string;
    port?: string;
    user?: string;
    identitiesOnly?: string;
    identityFiles: string[];
    /** The first of them counts. */
    way?: { kind: "proxyjump" | "proxycommand"; value: string };
    /** A block names the host itself, and not by a pattern. */
    isNamed: boolean;
    /** What could not be decided, and was left out. */
    notes: string[];
}

interface Question {
    host: string;
    user?: string | undefined;
}

const singles: Readonly<Record<string, "hostName" | "port" | "user" | "identitiesOnly">> = {
    hostname: "hostName",
    port: "port",
    user: "user",
    identitiesonly: "identitiesOnly",
};

/** For each value the first one counts, as in OpenSSH; nothing is run. */
export function find(entries: readonly Entry[], question: Question): Found {
    const found: Found = { identityFiles: [], isNamed: false, notes: [] };
    const walk = (list: readonly Entry[]): void => {
        for (const entry of list) {
            if (entry.kind === "setting") set(found, entry);
            else if (entry.kind === "host") {
                if (!matchesPatterns(entry.patterns, question.host)) continue;
                found.isNamed ||= entry.patterns.some((each) => each.toLowerCase() === question.host.toLowerCase());
                walk(entry.entries);
            } else {
                const [applies, why] = decide(entry.criteria, found, question);
                if (applies) walk(entry.entries);
                else if (why && entry.entries.some(isOurs)) found.notes.push(`its block "Match ${why}" was left out`);
            }
        }
    };
    walk(entries);
    return found;
}

function set(found: Found, { name, words }: Extract<Entry, { kind: "setting" }>): void {
    const [single, value] = [singles[name], words.join(" ")];
    if (single) found[single] ??= value;
    else if (name === "identityfile") found.identityFiles.push(value);
    else if (name === "proxyjump" || name === "proxycommand") found.way ??= { kind: name, value };
}

const isOurs = (entry: Entry): boolean =>
    entry.kind === "setting" && (entry.name in singles || /^(identityfile|proxyjump|proxycommand)$/.test(entry.name));

type Criteria = Extract<Entry, { kind: "match" }>["criteria"];

/** Whether a Match applies; what is not known here (exec, above all, which would run a command) applies never. */
function decide(criteria: Criteria, found: Found, { host, user }: Question): [applies: boolean, unknown: string] {
    const known: Readonly<Record<string, string>> = {
        host: found.hostName ?? host,
        originalhost: host,
        user: user ?? found.user ?? "root",
    };
    let unknown = "";
    for (const [criterion, patterns] of Object.entries(criteria)) {
        const name = criterion.replace(/^!/, "");
        const value = known[name];
        if (name === "all") continue;
        if (value === undefined) unknown ||= name;
        else if (matchesPatterns(patterns, value) === criterion.startsWith("!")) return [false, ""];
    }
    return [unknown === "", unknown];
}
