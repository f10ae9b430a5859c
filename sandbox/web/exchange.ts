import type { Row } from "../row";

/** One request as it arrived. */
export interface ApiRequest {
    method: string;
    path: string;
    query: URLSearchParams;
    headers: Record<string, string | undefined>;
    body: Buffer;
    params: Record<string, string>;
    /** Claims of the token, once the door has let it in. */
    claims: Row;
}

export interface Answer {
    status: number;
    type: string;
    content: string;
    headers?: Record<string, string>;
}

export function json(body: unknown, status = 200): Answer {
    return { status, type: "application/json", content: JSON.stringify(body) };
}

export function plain(content: string, status = 200, headers: Record<string, string> = {}): Answer {
    return { status, type: "text/plain; charset=utf-8", content, headers };
}

export function html(content: string, status: number): Answer {
    return { status, type: "text/html", content };
}

export const noContent: Answer = { status: 204, type: "", content: "" };

/** Fields of a form, url-encoded or multipart; empty for any other body. */
export async function formFields(request: Pick<ApiRequest, "headers" | "body">): Promise<Record<string, string>> {
    const type = request.headers["content-type"] ?? "";
    if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type)) return {};
    try {
        const form = await new Response(new Uint8Array(request.body), { headers: { "content-type": type } }).formData();
        const fields: Record<string, string> = {};
        form.forEach((value, name) => {
            if (typeof value === "string") fields[name] = value;
        });
        return fields;
    } catch {
        return {};
    }
}

/** The body as JSON; undefined when it is not. */
export function jsonBody(request: ApiRequest): unknown {
    try {
        return JSON.parse(request.body.toString()) as unknown;
    } catch {
        return undefined;
    }
}
