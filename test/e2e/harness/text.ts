import { strict as assert } from "node:assert";

/** A message that stands in the CLI's summary once, on one line, and with no stack trace near it. */
export function once(output: string, message: RegExp): void {
    const summary = output.slice(Math.max(0, output.indexOf("Diagnostics:")));
    assert.equal(summary.match(new RegExp(message, "g"))?.length, 1, `not once in:\n${output}`);
    noTrace(output);
}

export function noTrace(output: string): void {
    assert.doesNotMatch(output, /^\s+at .*(\.[jt]s:\d+|node:)/m, "a stack trace");
    assert.doesNotMatch(output, /\[object Object\]|undefined|NaN|panic:/, "words that are none");
}
