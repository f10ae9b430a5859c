import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Declared } from "../lifecycle/declared";
import type { Held } from "./held";
import type { WorldSpec } from "./worlds/world";

export const statesFolder = __dirname;

/** What is declared: resources of the package, or a program of its own beside it. */
export type Program = { resources: Declared[] } | { text: string };

/** One recorded case: what a later release needs to play it. */
export interface Case {
    world: WorldSpec;
    /** The stack's name; its project is always the same. */
    stack: string;
    /** Configuration beside what leads to the world, by its whole key. */
    config: Record<string, string>;
    program: Program;
    /** The same with one property changed, and a pattern of what the world then has in it. */
    changed: { program: Program; shows: string };
    /** The up that was recorded failed half-way: the next one has to finish it. */
    isUnfinished: boolean;
}

/** `pulumi stack export --show-secrets`. */
export interface Export {
    version: number;
    deployment: { resources: Exported[] } & Record<string, unknown>;
}

export interface Exported {
    urn: string;
    type: string;
    custom: boolean;
    id?: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    initErrors?: string[];
}

export interface Recording {
    name: string;
    case: Case;
    stack: Export;
    before: Held;
    held: Held;
    /** What destroy left. */
    after: Held;
}

const formatVersion = 1;
const files = { case: "case.json", stack: "stack.json", before: "before.json", held: "held.json", after: "after.json" };
const sums = "SHA256SUMS";

export const recordedReleases = (folder = statesFolder): string[] =>
    readdirSync(folder)
        .filter((name) => /^\d+\.\d+\.\d+/.test(name))
        .sort();

/** The names of a release's cases, as its sums tell them. */
export function recordedCases(release: string, folder = statesFolder): string[] {
    const paths = [...readSums(join(folder, release)).keys()];
    return [...new Set(paths.map((path) => path.split("/")[0] ?? ""))].sort();
}

export function readRecording(release: string, name: string, folder = statesFolder): Recording {
    const place = join(folder, release, name);
    const expected = readSums(join(folder, release));
    for (const file of Object.values(files)) {
        const path = join(place, file);
        if (!existsSync(path)) throw damaged(place, `${file} is missing`);
        if (sumOf(path) !== expected.get(`${name}/${file}`)) {
            parse(place, file);
            throw damaged(place, `${file} is another one than ${sums} says`);
        }
    }
    const { version, ...own } = parse(place, files.case) as Case & { version?: unknown };
    if (version !== formatVersion)
        throw damaged(place, `${files.case} is of version ${String(version)}, and this reader knows ${formatVersion}`);
    return {
        name,
        case: own,
        stack: parse(place, files.stack) as Export,
        before: parse(place, files.before) as Held,
        held: parse(place, files.held) as Held,
        after: parse(place, files.after) as Held,
    };
}

/** The files of a recording, by name. */
export function printRecording(recording: Recording): Record<string, string> {
    const print = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;
    return {
        [files.case]: print({ version: formatVersion, ...recording.case }),
        [files.stack]: print(recording.stack),
        [files.before]: print(ordered(recording.before)),
        [files.held]: print(ordered(recording.held)),
        [files.after]: print(ordered(recording.after)),
    };
}

/** Keys of a row come in the order in which engine and container have written them, which is nobody's to keep. */
function ordered(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(ordered);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}

export function writeRecording(folder: string, recording: Recording): void {
    const place = join(folder, recording.name);
    mkdirSync(place, { recursive: true });
    for (const [file, text] of Object.entries(printRecording(recording))) writeFileSync(join(place, file), text);
}

/** Of every file of a release, in the form that `sha256sum -c` reads. */
export function writeSums(folder: string): void {
    const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".json"));
    writeFileSync(
        join(folder, sums),
        all
            .sort()
            .map((path) => `${sumOf(join(folder, path))}  ${path}\n`)
            .join(""),
    );
}

function readSums(folder: string): Map<string, string> {
    const path = join(folder, sums);
    if (!existsSync(path)) throw damaged(folder, `${sums} is missing`);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    return new Map(
        lines.map((line) => {
            const [, sum, name] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
            if (sum === undefined || name === undefined) throw damaged(folder, `${sums} has the line "${line}"`);
            return [name, sum];
        }),
    );
}

function parse(place: string, file: string): object {
    try {
        return JSON.parse(readFileSync(join(place, file), "utf8")) as object;
    } catch (error) {
        throw damaged(place, `${file} is no JSON (${(error as Error).message})`);
    }
}

const sumOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

const damaged = (place: string, what: string): Error =>
    new Error(
        `The recorded state ${relative(join(dirname(statesFolder), ".."), place)} is damaged: ${what}; put it back as it was recorded.`,
    );
