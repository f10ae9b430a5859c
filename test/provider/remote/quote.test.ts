import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { shellQuote } from "../../../provider/remote/quote";

describe("shellQuote", () => {
    it("gives back any text through a real shell, as one word", () => {
        const text = fc.string({ unit: "binary", maxLength: 100 }).map((each) => each.replaceAll("\0", ""));
        const hostile = fc.constantFrom("", "'", "''", "\\'", "$(id)", "`id`", "a'b\"c", "\n", "-n", "!!", "*", "~");
        fc.assert(
            fc.property(fc.array(fc.oneof(text, hostile), { minLength: 1, maxLength: 20 }), (words) => {
                const script = `for word in ${words.map(shellQuote).join(" ")}; do printf '%s\\001' "$word"; done`;
                const seen = execFileSync("sh", { input: script, encoding: "utf8" });
                assert.equal(seen, words.map((word) => `${word}\u0001`).join(""));
            }),
            { numRuns: 150 },
        );
    });
    it("refuses a NUL", () => {
        assert.throws(() => shellQuote("a\0b"), /NUL/);
    });
});
