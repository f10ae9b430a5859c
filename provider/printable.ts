/** What a terminal obeys instead of showing it: escape sequences whole, then whatever control character is left. */
const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;
/** C0 but for tab and line feed, DEL, C1, and the marks that turn the direction of a text. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text that others wrote, as it may be shown: it commands no terminal and stands in the order in which it is read. */
export const printable = (text: string): string =>
    text.replace(/\r\n/g, "\n").replace(sequences, "").replace(controls, "\ufffd");

/** JSON, or a literal of JavaScript: the same value, with every such character as \uXXXX. */
export const escaped = (json: string): string =>
    json.replace(controls, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
