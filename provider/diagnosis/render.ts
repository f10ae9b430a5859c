import { printable } from "../printable";
import type { Diagnosis } from "./judge";

/** One screen. */
const screen = { lines: 24, columns: 100 };
const marks = { ok: "ok", failed: "FAILED", unknown: "?" } as const;

/** A diagnosis as a person reads it: the steps, and of the first that fails the cause, the remedy and the evidence. */
export function render({ hyperId, steps, finding, said }: Diagnosis): string {
    const head = finding ? `${hyperId} fails at: ${finding.title}` : `${hyperId}: no step is known to fail`;
    const lines = [
        head,
        ...steps.map(
            ({ title, state, why }) => `  ${marks[state].padEnd(7)}${title}${why ? ` (not looked at: ${why})` : ""}`,
        ),
    ];
    if (finding) {
        // nothing is said twice
        if (said && !finding.seen.includes(said)) lines.push(...wrapped("engine  ", `Error, "${said}"`));
        lines.push(...wrapped(`cause   `, `${finding.seen} [${finding.step}/${finding.cause}]`));
        lines.push(...wrapped(`to do   `, finding.advice + (finding.isFinal ? " Waiting does not mend it." : "")));
        for (const { command, lines: said } of finding.evidence) {
            // a command alone says nothing
            const room = screen.lines - lines.length - 1;
            if (room < 1) break;
            lines.push(`$ ${command}`, ...said.slice(-room).map((line) => `  ${line}`));
        }
    }
    return lines.slice(0, screen.lines).map(oneLine).map(cut).join("\n");
}

/** One line of the screen, whatever a log has in it. */
const oneLine = (text: string): string => printable(text).replaceAll("\n", " ");
const cut = (line: string): string => (line.length > screen.columns ? `${line.slice(0, screen.columns - 1)}…` : line);

function wrapped(label: string, text: string): string[] {
    const lines: string[] = [];
    for (const word of text.split(" ")) {
        const last = lines.at(-1);
        if (last !== undefined && label.length + last.length + 1 + word.length <= screen.columns)
            lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(word);
    }
    return lines.map((line, index) => (index === 0 ? label : " ".repeat(label.length)) + line);
}
