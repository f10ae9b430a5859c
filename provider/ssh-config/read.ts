import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, isAbsolute, join } from "node:path";
import type { Directive, Line, Match, Section } from "ssh-config" with { "resolution-mode": "import" };
import { globMatches } from "./pattern";

interface Parser {
    parse(text: string): readonly Line[];
}

// loaded with the first file that is read
const load: (name: string) => Parser = createRequire(__filename);
/** As OpenSSH. */
const INCLUDE_DEPTH = 16;

/** A directive with its words, or a block of them. */
export type Entry =
    | { kind: "setting"; name: string; words: readonly string[] }
    | { kind: "host"; patterns: readonly string[]; entries: Entry[] }
    | { kind: "match"; criteria: Readonly<Record<string, readonly string[]>>; entries: Entry[] };

/** What a file says, with what it includes in its place; throws where a file cannot be read. */
export function readEntries(path: string, home: string | undefined, depth = 0): Entry[] {
    const include = (name: string): Entry[] => {
        if (depth >= INCLUDE_DEPTH) throw new Error(`more than ${INCLUDE_DEPTH} files include one another`);
        const given = home !== undefined && name.startsWith("~/") ? join(home, name.slice(2)) : name;
        const whole = isAbsolute(given) ? given : join(home ?? "", ".ssh", given);
        return filesOf(whole).flatMap((file) => readEntries(file, home, depth + 1));
    };
    const entriesOf = (lines: readonly Line[]): Entry[] =>
        lines.flatMap((line) => {
            if (!isDirective(line)) return [];
            const [name, words] = [line.param.toLowerCase(), wordsOf(line.value)];
            if (name === "include") return words.flatMap(include);
            if (isMatch(line)) return { kind: "match", criteria: criteriaOf(line), entries: entriesOf(line.config) };
            if (isSection(line)) return { kind: "host", patterns: words, entries: entriesOf(line.config) };
            return { kind: "setting", name, words };
        });
    return entriesOf(load("ssh-config").parse(readFileSync(path, "utf8")));
}

const isDirective = (line: Line): line is Directive | Section | Match => "param" in line && line.param !== "";
const isSection = (line: Directive): line is Section => "config" in line;
const isMatch = (line: Directive): line is Match => "criteria" in line;

const wordsOf = (value: Directive["value"]): string[] =>
    typeof value === "string" ? [value] : value.map(({ val }) => val);

const criteriaOf = ({ criteria }: Match): Record<string, string[]> =>
    Object.fromEntries(
        Object.entries(criteria).map(([name, value]) => [
            name.toLowerCase(),
            wordsOf(value).flatMap((word) => word.split(",")),
        ]),
    );

/** A last part with "*" or "?" stands for the files it names; what is not there is left out, as OpenSSH does. */
function filesOf(path: string): string[] {
    try {
        const folder = dirname(path);
        return readdirSync(folder)
            .filter((name) => globMatches(basename(path), name))
            .sort()
            .map((name) => join(folder, name));
    } catch {
        return [];
    }
}
