import { readWord } from "./word";

/** A piece of an isardvdi.cfg; the texts of all of them together are the file, byte for byte. */
export type Statement =
    | {
          kind: "assignment";
          /** Indentation, `export` and `KEY=`. */
          before: string;
          key: string;
          /** The value as it is written, quotes included. */
          raw: string;
          /** What sh makes of it; undefined when the shell expands something. */
          value: string | undefined;
          /** Spaces, comment and line end. */
          after: string;
      }
    /** `key` is the one of a commented default such as `#KEY=value`. */
    | { kind: "comment"; text: string; key: string | undefined }
    | { kind: "blank"; text: string }
    /** Anything else: kept as it is, and a key that it names counts as unknown. */
    | { kind: "foreign"; text: string }
    /** From here on the shell finds no end of a quote. */
    | { kind: "broken"; text: string };

export const textOf = (statement: Statement): string =>
    statement.kind === "assignment" ? statement.before + statement.raw + statement.after : statement.text;

const assignment = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=/y;
const comment = /[ \t]*#+[ \t]*(?:(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=)?[^\n]*\n?/y;
const blank = /[ \t\r]*(?:\n|$)/y;
const rest = /(?:[ \t]+#[^\n]*|[ \t]*)(?:\n|$)/y;

/** Splits a file as sh reads it, line by line, a quoted value over several lines being one statement. */
export function statements(text: string): Statement[] {
    const found: Statement[] = [];
    for (let at = 0; at < text.length;) {
        const next = statementAt(text, at);
        found.push(next);
        at += textOf(next).length;
    }
    return found;
}

function statementAt(text: string, at: number): Statement {
    const empty = match(blank, text, at);
    if (empty) return { kind: "blank", text: empty[0] };
    const remark = match(comment, text, at);
    if (remark) return { kind: "comment", text: remark[0], key: remark[1] };
    const named = match(assignment, text, at);
    if (named) {
        const start = at + named[0].length;
        const word = readWord(text, start);
        const after = word && match(rest, text, word.end);
        if (word && after) {
            const raw = text.slice(start, word.end);
            return {
                kind: "assignment",
                before: named[0],
                key: named[1] ?? "",
                raw,
                value: word.value,
                after: after[0],
            };
        }
    }
    return foreignAt(text, at);
}

/** A line that is no assignment of one word, with the quoted text that it may carry over line ends. */
function foreignAt(text: string, start: number): Statement {
    for (let at = start; at < text.length;) {
        const char = text.charAt(at);
        if (char === "\n") return { kind: "foreign", text: text.slice(start, at + 1) };
        const remark = /[ \t;]/.test(char) && text.charAt(at + 1) === "#";
        if (remark) at = endOfLine(text, at);
        else if (/[ \t;&|<>()]/.test(char)) at += 1;
        else {
            const word = readWord(text, at);
            if (!word) return { kind: "broken", text: text.slice(start) };
            at = word.end;
        }
    }
    return { kind: "foreign", text: text.slice(start) };
}

function endOfLine(text: string, at: number): number {
    const end = text.indexOf("\n", at);
    return end < 0 ? text.length : end;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(text);
}
