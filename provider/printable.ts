const code = (from: number, to = from): string => {
    const hex = (each: number): string => `\\u${each.toString(16).padStart(4, "0")}`;
    return from === to ? hex(from) : `${hex(from)}-${hex(to)}`;
};
const [bel, esc] = [code(0x07), code(0x1b)];

/** What a terminal obeys instead of showing it: escape sequences whole, then whatever control character is left. */
const sequences = new RegExp(
    `${esc}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bel}${esc}]*(?:${bel}|${esc}\\\\)|[@-Z\\\\^_])`,
    "g",
);
/** C0 but for tab and line feed, DEL, C1, and the marks that turn the direction of a text. */
const turning = [code(0x061c), code(0x200e, 0x200f), code(0x202a, 0x202e), code(0x2066, 0x2069)];
const controls = new RegExp(`[${[code(0x00, 0x08), code(0x0b, 0x1f), code(0x7f, 0x9f), ...turning].join("")}]`, "g");

/** A text that others wrote, as it may be shown: it commands no terminal and stands in the order in which it is read. */
export const printable = (text: string): string =>
    text.replace(/\r\n/g, "\n").replace(sequences, "").replace(controls, "\ufffd");

/** The text of a program or of JSON, in which a string literal may say such a character without being one. */
export const escaped = (text: string): string => text.replace(controls, (each) => code(each.charCodeAt(0)));
