import { strict as assert } from "node:assert";
import { redact } from "../../provider/diagnosis/redact";
import { printable } from "../../provider/printable";

describe("a text that others wrote", () => {
    for (const [text, shown] of [
        ["\u001b[31mred\u001b[0m", "red"],
        ["\u001b]0;title\u0007after", "after"],
        ["\u001b]52;c;aGk=\u001b\\after", "after"],
        ["bell\u0007, C1 \u009b31m", "bell\ufffd, C1 \ufffd31m"],
        ["turned \u202etxt.exe", "turned \ufffdtxt.exe"],
        ["over\rwritten", "over\ufffdwritten"],
        ["two\r\nlines\tand a tab, ñ, 漢", "two\nlines\tand a tab, ñ, 漢"],
        ["\u001b[", "\ufffd["],
    ] as const)
        it(`is shown as ${JSON.stringify(shown)}`, () => assert.equal(printable(text), shown));

    // from every letter of such a word to its end, redaction took minutes
    for (const [what, word] of [
        ["digits", "1".repeat(200_000)],
        ["the beginning of a token", "-eyJ".repeat(50_000)],
        ["a word that is no address", "w".repeat(200_000)],
        ["an escape that never ends", "\u001b]".repeat(100_000)],
    ] as const)
        it(`may be a word of 200 kB: ${what}`, () => {
            assert.equal(redact(`${word} password=hunter2`), `${word} password=[redacted]`);
            assert.equal(printable(`${word} end`).endsWith(" end"), true);
        });
});
