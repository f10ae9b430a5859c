import { IsardvdiError } from "../errors";
import { quoted } from "./quoting";
import { type Statement, statements, textOf } from "./statement";

/** What a file says of a key: its value as sh reads it, or only its source, as bytes, where the shell expands it. */
export type Reading =
    | { state: "set"; value: string; raw: string }
    | { state: "expanded"; raw: string }
    /** Named last by a line that is no plain assignment. */
    | { state: "foreign" }
    | { state: "absent" };

/** An isardvdi.cfg, kept byte for byte; every change makes a new one. */
export class Cfg {
    private constructor(readonly statements: readonly Statement[]) {}

    /** Bytes, for a comment may be in any encoding. */
    static parse(bytes: Buffer): Cfg {
        return new Cfg(statements(bytes.toString("latin1")));
    }

    bytes(): Buffer {
        return Buffer.from(this.statements.map(textOf).join(""), "latin1");
    }

    /** The last assignment wins, as in sh. */
    read(key: string): Reading {
        const index = this.effective(key);
        if (index === undefined) return { state: "absent" };
        const statement = this.statements[index];
        if (statement?.kind !== "assignment") return { state: "foreign" };
        const { raw, value } = statement;
        return value === undefined ? { state: "expanded", raw } : { state: "set", value: decoded(value), raw };
    }

    /** The value that both sh and docker compose will read. */
    set(key: string, value: string): Cfg {
        const now = this.read(key);
        const result = quoted(value);
        if ("refusal" in result) throw refused(key, result.refusal);
        return now.state === "set" && now.value === value ? this : this.put(key, encoded(result.raw));
    }

    /** The source of a value; undefined when there is no assignment to put back. */
    raw(key: string): string | undefined {
        const now = this.read(key);
        return "raw" in now ? now.raw : undefined;
    }

    /** The source of a value put back as it was; undefined takes the line out. */
    put(key: string, raw: string | undefined): Cfg {
        const index = this.effective(key);
        const statement = index === undefined ? undefined : this.statements[index];
        if (raw === undefined) return statement?.kind === "assignment" ? this.splice(index ?? 0, 1) : this;
        if (index === undefined || statement?.kind !== "assignment") return this.insert(key, raw, statement);
        // build.sh appends a line of its own to a copy, which must not run into a value
        const after = statement.after.endsWith("\n") ? statement.after : `${statement.after}\n`;
        return this.splice(index, 1, { ...statement, raw, value: undefined, after });
    }

    /** Whether sh comes to the end of the file; if not, the line where it gets lost. */
    brokenLine(): number | undefined {
        const broken = this.statements.findIndex(({ kind }) => kind === "broken");
        if (broken < 0) return undefined;
        return this.statements.slice(0, broken).map(textOf).join("").split("\n").length;
    }

    /** Every key that the file assigns, or has a commented default for. */
    keys(): Set<string> {
        return new Set(this.statements.flatMap((each) => ("key" in each && each.key ? [each.key] : [])));
    }

    private effective(key: string): number | undefined {
        const named = new RegExp(`(^|[^A-Za-z0-9_])${key}=`);
        for (let index = this.statements.length - 1; index >= 0; index -= 1) {
            const each = this.statements[index];
            if (each?.kind === "assignment" && each.key === key) return index;
            if ((each?.kind === "foreign" || each?.kind === "broken") && named.test(each.text)) return index;
        }
        return undefined;
    }

    /** Beside the commented default where there is one, else at the end; after a foreign line that would win. */
    private insert(key: string, raw: string, winner: Statement | undefined): Cfg {
        const line: Statement = { kind: "assignment", before: `${key}=`, key, raw, value: undefined, after: "\n" };
        const last = this.statements.at(-1);
        const open = last !== undefined && isOpen(textOf(last));
        if (open && last.kind === "foreign") {
            const ended = isOpen(`${last.text}\n`) ? `${last.text}\n\n` : `${last.text}\n`;
            return new Cfg(reparsed([...this.statements.slice(0, -1), { ...last, text: ended }, line]));
        }
        const remark = winner
            ? -1
            : this.statements.findLastIndex((each) => each.kind === "comment" && each.key === key);
        const end = open ? this.statements.length - 1 : this.statements.length;
        return this.splice(remark < 0 ? end : Math.min(remark + 1, end), 0, line);
    }

    private splice(at: number, remove: number, ...added: Statement[]): Cfg {
        return new Cfg(reparsed(this.statements.toSpliced(at, remove, ...added)));
    }
}

/** Whether what is appended would be a part of it: no line end is there, or a backslash carries the line on. */
const isOpen = (text: string): boolean => statements(`${text}\n`).length === 1;

/** Read anew, so that what a change really makes of the file is what is seen afterwards. */
const reparsed = (all: readonly Statement[]): Statement[] => statements(all.map(textOf).join(""));

const decoded = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");
const encoded = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

function refused(key: string, reason: string): IsardvdiError {
    return new IsardvdiError({
        code: "bad-input",
        action: "set",
        resource: `${key} in isardvdi.cfg`,
        seen: `its value ${reason}`,
        advice: "Choose another value.",
        property: `settings.${key}`,
    });
}
