import { ERROR } from "../../protocol";
import { missing, ReqlError } from "../../reql-error";
import { asDatum, type Call } from "../call";
import { type Datum, Func, type Value } from "../values";
import { term } from "./term";

/** FUNC: the names of its parameters, and a body that is evaluated anew for each row. */
function func({ terms, scope, evaluate }: Call): Func {
    const [names, body] = terms as [unknown, unknown];
    const parameters = (Array.isArray(names) && names[0] === 2 ? (names as [number, unknown[]])[1] : names) as number[];
    return new Func((...values) => {
        const variables = new Map(scope.variables);
        parameters.forEach((name, index) => variables.set(name, values[index] ?? null));
        const row = parameters.length === 1 ? values[0] : scope.row;
        try {
            return asDatum(evaluate(body, { ...scope, variables, row }));
        } catch (error) {
            if (error instanceof ReqlError) error.backtrace.unshift(1);
            throw error;
        }
    });
}

function variable(call: Call): Datum {
    const value = call.scope.variables.get(call.number(0));
    if (value === undefined) throw new ReqlError("Variable name not found.");
    return value;
}

function withDefault(call: Call): Value {
    try {
        const value = asDatum(call.value(0));
        return value === null ? call.value(1) : value;
    } catch (error) {
        if (error instanceof ReqlError && error.kind === ERROR.NON_EXISTENCE) return call.value(1);
        throw error;
    }
}

export const functionTerms = [
    term(2, "makeArray", (call) => call.data(0)),
    term(69, "func", func),
    term(10, "var", variable),
    term(13, "row", ({ scope }) => {
        if (scope.row === undefined) throw new ReqlError("r.row is not defined in this context.");
        return scope.row;
    }),
    term(64, "do", (call) => call.func(0).apply(...call.data(1))),
    term(92, "default", withDefault),
    term(12, "error", (call) => {
        if (call.count === 0) throw missing("Empty ERROR term outside a default block.");
        throw new ReqlError(call.text(0), ERROR.USER);
    }),
];
