import { asError } from "../as-error";
import { IsardvdiError } from "../errors";
import { printable } from "../printable";
import { PartialFailure, type Values } from "../resource";
import { plainValues } from "./protocol";

/** The shape that makes Pulumi keep a resource whose create or update failed half-way. */
interface InitFailure extends Error {
    id: string;
    properties: Values;
    reasons: string[];
}

/** Turns what a lifecycle throws into what the Node dynamic provider understands. */
export function asPulumiError(error: unknown, inputs: Values): Error {
    if (error instanceof PartialFailure) {
        const failure = plain(error.cause) as InitFailure;
        failure.id = error.id;
        // without __provider the resource could never be refreshed, updated or deleted again
        failure.properties = plainValues({ ...error.state, __provider: inputs["__provider"] });
        failure.reasons = [failure.message];
        return failure;
    }
    return plain(error);
}

/** A user's mistake is one line; only a defect of ours keeps its stack. */
function plain(error: unknown): Error {
    const known = error instanceof IsardvdiError;
    const result = new Error(printable(asError(error).message));
    if (known) Object.assign(result, { stack: "", toString: () => quietMark });
    else if (error instanceof Error && error.stack) result.stack = printable(error.stack);
    return result;
}

const quietMark = "\u0000isardvdi";

/** The stock front prints every error to stderr as well, where it would stand a second time. */
export function silenceKnownErrors(): void {
    const original = console.error.bind(console);
    console.error = (...args: unknown[]): void => {
        if (typeof args[0] === "string" && args[0].startsWith(quietMark)) return;
        original(...args);
    };
}
