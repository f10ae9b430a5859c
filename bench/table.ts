import type { Row } from "./row";

/** Prints the rows under one another, each with its target and whether it was met. */
export function table(rows: Row[]): string {
    const lines = rows.map(({ what, measured, wanted, ok }) => [
        what,
        measured,
        wanted ?? "",
        ok === undefined ? "" : ok ? "ok" : "MISS",
    ]);
    const all = [["what", "measured", "target", ""], ...lines];
    const widths = [0, 1, 2].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
    return all
        .map(
            (line) =>
                `${line
                    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
                    .join("  ")
                    .trimEnd()}\n`,
        )
        .join("");
}
