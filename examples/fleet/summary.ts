/** How one site's run ended. */
export interface Outcome {
    site: string;
    seconds: number;
    /** "2 created, 1 updated", as far as it came. */
    changes: string;
    /** The first line of what went wrong. */
    failure?: string;
}

/** "2 create, 1 update", without what stayed. */
export function changesOf(counts: Readonly<Record<string, number | undefined>> = {}): string {
    const changed = Object.entries(counts).filter(([kind, count]) => kind !== "same" && count);
    return changed.map(([kind, count]) => `${count} ${kind}`).join(", ") || "no changes";
}

/** The line that says why: the provider's own, where the CLI's output has one. */
export function failureOf(error: unknown): string {
    const lines = String(error instanceof Error ? error.message : error)
        .split("\n")
        .map((line) => line.trim());
    const telling = [/Unable to /, /\berror: /, /./].map((pattern) => lines.find((line) => pattern.test(line)));
    return telling.find((line) => line !== undefined)?.replace(/^.*\berror: /, "") ?? "unknown";
}

/** One line for each site, those that failed last, and the sum. */
export function summary(outcomes: readonly Outcome[]): string {
    const width = Math.max(...outcomes.map(({ site }) => site.length));
    const sorted = [...outcomes].sort((a, b) => Number(a.failure !== undefined) - Number(b.failure !== undefined));
    const lines = sorted.map(({ site, seconds, changes, failure }) => {
        const result = failure === undefined ? `ok      ${changes}` : `FAILED  ${failure}`;
        return `${site.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${result}`;
    });
    const failed = outcomes.filter(({ failure }) => failure !== undefined).length;
    return [...lines, `${outcomes.length - failed} of ${outcomes.length} sites are as the program says`].join("\n");
}
