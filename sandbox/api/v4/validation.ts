import { isRow, type Row } from "../../row";
import { jsonBody, type ApiRequest } from "../../web/exchange";

interface Problem {
    type: string;
    loc: string[];
    msg: string;
    input: unknown;
}

/** A body that does not have the declared shape: 400, not 422, in this API. */
export class Invalid extends Error {
    constructor(private readonly problems: Problem[]) {
        super("validation_error");
    }

    body(): object {
        const told = this.problems.map((problem) => `${problem.loc.join(".")}: ${problem.msg}`).join("; ");
        return {
            error: "validation_error",
            msg: "validation_error",
            description_code: "validation_error",
            function: "",
            function_call: "",
            description: `Request validation failed: ${told}`,
            debug: "",
            request: "",
            data: null,
            params: {},
            details: this.problems,
        };
    }
}

/** Reads one value: the value it stands for, or what is wrong with it. */
export type Kind = (value: unknown) => { value: unknown } | { problem: string; type: string };

export const string: Kind = (value) =>
    typeof value === "string" ? { value } : { problem: "Input should be a valid string", type: "string_type" };

/** Lax, as pydantic is: words and 0/1 count too. */
export const bool: Kind = (value) => {
    if (typeof value === "boolean") return { value };
    const word = typeof value === "string" || typeof value === "number" ? String(value).toLowerCase() : "";
    if (["1", "true", "t", "yes", "y", "on"].includes(word)) return { value: true };
    if (["0", "false", "f", "no", "n", "off"].includes(word)) return { value: false };
    return { problem: "Input should be a valid boolean", type: "bool_type" };
};

export const int: Kind = (value) => {
    const number = typeof value === "string" && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number)) return { value: number };
    return { problem: "Input should be a valid integer", type: "int_type" };
};

export const object: Kind = (value) =>
    isRow(value) ? { value } : { problem: "Input should be a valid dictionary", type: "dict_type" };

export const listOf =
    (item: Kind): Kind =>
    (value) => {
        if (!Array.isArray(value)) return { problem: "Input should be a valid list", type: "list_type" };
        const wrong = value.map(item).find((result) => "problem" in result);
        return wrong ?? { value };
    };

export const orNull =
    (kind: Kind): Kind =>
    (value) =>
        value === null ? { value: null } : kind(value);

/** A field with its default; without one it is required. */
export type Model = Record<string, { kind: Kind; fallback?: unknown }>;

/** The declared fields of a JSON body; unknown keys are silently dropped. */
export function readBody(request: ApiRequest, model: Model): Row {
    const type = request.headers["content-type"] ?? "";
    const body = request.body.length > 0 && /json/i.test(type) ? jsonBody(request) : undefined;
    if (body === undefined && request.body.length === 0) {
        throw new Invalid([{ type: "missing", loc: ["body"], msg: "Field required", input: null }]);
    }
    if (!isRow(body)) {
        const msg = "Input should be a valid dictionary or object to extract fields from";
        throw new Invalid([{ type: "model_attributes_type", loc: ["body"], msg, input: request.body.toString() }]);
    }
    return checked(body, model);
}

function checked(body: Row, model: Model): Row {
    const problems: Problem[] = [];
    const result: Row = {};
    for (const [name, field] of Object.entries(model)) {
        const loc = ["body", name];
        if (!(name in body)) {
            if ("fallback" in field) result[name] = field.fallback;
            else problems.push({ type: "missing", loc, msg: "Field required", input: body });
            continue;
        }
        const read = field.kind(body[name]);
        if ("problem" in read) problems.push({ type: read.type, loc, msg: read.problem, input: body[name] });
        else result[name] = read.value;
    }
    if (problems.length > 0) throw new Invalid(problems);
    return result;
}
