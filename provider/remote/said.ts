import { printable } from "../printable";

/** What a host said, as part of a message: one line that commands no terminal; the end of a long one is what counts. */
export function saidLine(text: string, limit = 300): string {
    // cut first: a host may say as much as it likes
    const line = printable(text.slice(-10 * limit))
        .replace(/\s+/g, " ")
        .trim();
    return line.length > limit ? `…${line.slice(-limit)}` : line;
}
