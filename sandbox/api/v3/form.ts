import { isRow, type Row } from "../../row";
import { Failure } from "../../web/failure";

/** The fields of one form, each read the way the older service reads it. */
export class Form {
    constructor(
        private readonly fields: Record<string, string>,
        private readonly complaint: string,
    ) {}

    text(name: string, fallback: string): string {
        return this.fields[name] ?? fallback;
    }

    optional(name: string): string | null {
        return this.fields[name] ?? null;
    }

    required(name: string): string {
        const value = this.fields[name];
        if (value === undefined) throw this.bad();
        return value;
    }

    /** Parsed as JSON: "true" and "false", and any other JSON by its truth. */
    bool(name: string, fallback: boolean): boolean {
        return name in this.fields ? Boolean(this.parsed(name)) : fallback;
    }

    /** Only this very word counts. */
    isTrue(name: string): boolean {
        return this.fields[name] === "True";
    }

    int(name: string, fallback: number): number {
        const value = this.fields[name];
        if (value === undefined) return fallback;
        if (!/^\s*[-+]?\d+\s*$/.test(value)) throw this.bad();
        return Number(value);
    }

    /** Nested fields travel as JSON texts. */
    nested(names: string[]): Row {
        const present = names.filter((name) => name in this.fields);
        return Object.fromEntries(present.map((name) => [name, this.parsed(name)]));
    }

    object(name: string): Row {
        const value = name in this.fields ? this.parsed(name) : undefined;
        if (!isRow(value)) throw this.bad();
        return value;
    }

    private parsed(name: string): unknown {
        try {
            return JSON.parse(this.fields[name] ?? "") as unknown;
        } catch {
            throw this.bad();
        }
    }

    private bad(): Failure {
        return new Failure("bad_request", this.complaint);
    }
}
