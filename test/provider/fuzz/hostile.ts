import { strict as assert } from "node:assert";
import fc from "fast-check";
import { IsardvdiError } from "../../../provider/errors";

/** Cases of all properties together; more of them by FUZZ=100000. */
const cases = Number(process.env["FUZZ"] ?? 1000);

/** A property's share of them; a failure prints the seed with which fast-check plays it again. */
export const some = (share: number): fc.Parameters<unknown> => ({
    numRuns: Math.max(1, Math.round(cases * share)),
    // a smaller case of words of many kB takes longer to find than the run may last
    endOnFailure: true,
});

/** What is never told, wherever it stood. */
export const secret = "hunter-22-of-the-row";

/** What breaks programs: the markers of our own scripts, other kinds of JSON, a terminal's sequences, long words. */
const tokens = fc.oneof(
    fc.constantFrom("==ledger", "==save nft /x", "==nft ip x", "==docker 124", "==zero", "==persist\narmed", "==wg 0"),
    fc.constantFrom("@armed", "@failed", "stage x", "result ok", "cfg ", "ledger bnVsbA==", "env x {", "container x"),
    fc.constantFrom("null", "{}", "[]", '"', "'", "\\", "-1", "1e999", "[[]]", "{", "}", "__proto__", "constructor"),
    fc.constantFrom("\u0000", "\u001b[2J", "\u202e", "\r", "\n\n", "\ud800", "*nat\n", "COMMIT\n", "-A PREROUTING "),
    fc.string({ maxLength: 20 }),
    fc.constantFrom("1", '"\\', "src=", "a b", "((", "${").map((word) => word.repeat(5000)),
);
const changes = fc.record({
    kind: fc.constantFrom("put in", "take out", "cut off", "double", "replace"),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    size: fc.integer({ min: 1, max: 200 }),
    token: tokens,
});

/** A text with some places spoilt. */
export const spoilt = (text: string): fc.Arbitrary<string> =>
    fc.array(changes, { maxLength: 4 }).map((all) =>
        all.reduce((rest, { kind, at, size, token }) => {
            const from = Math.floor(at * rest.length);
            const to = from + size;
            const [before, inside, after] = [rest.slice(0, from), rest.slice(from, to), rest.slice(to)];
            if (kind === "put in") return before + token + inside + after;
            if (kind === "take out") return before + after;
            if (kind === "cut off") return before;
            return kind === "double" ? before + inside + inside + after : before + token + after;
        }, text),
    );

/** A value with some of its parts taken out, or of another kind. */
export function twisted(value: unknown): fc.Arbitrary<unknown> {
    const whole = fc.constant(value);
    const other = fc.oneof(fc.jsonValue({ maxDepth: 2 }), tokens);
    if (typeof value !== "object" || value === null) return fc.oneof({ weight: 12, arbitrary: whole }, other);
    const parts = Array.isArray(value)
        ? fc.tuple(...value.map(twisted))
        : fc.record(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, twisted(each)])), {
              requiredKeys: [],
          });
    return fc.oneof({ weight: 3, arbitrary: whole }, { weight: 12, arbitrary: parts }, other);
}

/** What the work makes, or undefined where it fails as ours may: in one line that is no novel, and tells no secret. */
export async function outcome<T>(work: () => Promise<T> | T): Promise<T | undefined> {
    try {
        const made = await work();
        assert.ok(!told(made).includes(secret), "a secret is in what was made");
        return made;
    } catch (error) {
        assert.ok(error instanceof IsardvdiError, error instanceof Error ? error.stack : String(error));
        assert.ok(!error.message.includes(secret), error.message);
        assert.ok(error.message.length < 3000, `${error.message.length} characters`);
        return undefined;
    }
}

/** Everything of a value as text, sets and maps included. */
const told = (value: unknown): string =>
    JSON.stringify(value, (_key, each: unknown) =>
        each instanceof Map
            ? [...(each as Map<unknown, unknown>)]
            : each instanceof Set
              ? [...(each as Set<unknown>)]
              : each,
    ) ?? "";
