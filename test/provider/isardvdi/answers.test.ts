import { strict as assert } from "node:assert";
import type { ErrorCode } from "../../../provider/errors";
import { classify } from "../../../provider/isardvdi/answers";

const v4 = (description: string, error = "x") =>
    JSON.stringify({ error, msg: "", description, description_code: error });
const detail = (text: string) => JSON.stringify({ detail: text });
const page = "<html><h1>503</h1></html>";

/** Every refusal that the real servers were seen to give: status, text, and what it means. */
const answers: [string, number, string, ErrorCode, RegExp, retry?: true][] = [
    ["the other generation's path, GET", 200, page, "wrong-generation", /web page where its API should be/],
    ["the other generation's path, POST", 405, page, "wrong-generation", /no such API/],
    ["JSON that ends in the middle", 200, '[{"id"', "unexpected-answer", /no readable JSON/, true],
    [
        "v4 validation",
        400,
        v4("Request validation failed: body.port: Input should be a valid string"),
        "rejected",
        /body\.port/,
    ],
    ["v4 DNS", 400, v4("DNS resolution failed for h1"), "dns", /DNS resolution failed for h1/],
    ["v4 loopback", 400, v4("Hostname localhost resolves to loopback/link-local"), "rejected", /loopback/],
    ["a closed SSH port", 404, v4("Unable to ssh-keyscan", "not_found"), "ssh-unreachable", /got no SSH host key/],
    ["engine keys missing", 500, v4("Unable to get certificates"), "certificates", /Unable to get certificates/],
    ["v4 PUT of a missing row", 400, v4("Hypervisor update bad data"), "not-found", /no such hypervisor/],
    ["v4 missing row", 404, v4("Hypervisor with ID h1 does not exist."), "not-found", /does not exist/],
    ["an unknown route", 404, detail("Not Found"), "not-found", /404/],
    ["a wrong verb", 405, detail("Method Not Allowed"), "wrong-generation", /405/],
    ["no header, v4", 403, detail("Not authenticated"), "unauthorized", /Not authenticated/],
    ["another scheme, v4", 403, detail("Invalid authentication credentials"), "unauthorized", /Invalid/],
    ["no header, v3", 401, v4("Authorization header is expected"), "unauthorized", /header is expected/],
    ["an expired token", 401, v4("Token expired", "token_expired"), "unauthorized", /expired/],
    ["an unknown kid", 401, v4("Unable to parse authentication token"), "unauthorized", /parse/],
    ["another secret", 401, v4("Error when decoding token"), "unauthorized", /decoding/],
    ["a session that is over", 401, v4("Session expired"), "unauthorized", /Session expired/],
    [
        "a wrong password",
        401,
        JSON.stringify({ error: "invalid_credentials", msg: "" }),
        "unauthorized",
        /user name or password/,
    ],
    ["a role that is not enough", 403, v4("Not enough rights."), "forbidden", /Not enough rights/],
    ["a token of another type", 403, v4("Token not valid for this operation."), "forbidden", /not valid for this/],
    ["a disabled account", 403, JSON.stringify({ error: "user_disabled" }), "forbidden", /user_disabled/],
    ["the sessions service down", 500, v4("Invalid session"), "not-ready", /Invalid session/, true],
    ["too many logins", 429, "Too many attempts", "not-ready", /fewer attempts/],
    ["a precondition", 428, v4("Virt pool with ID p is not available for hypervisor."), "not-ready", /Virt pool/, true],
    ["something that is there already", 409, v4("Id h1 already exists"), "conflict", /already exists/],
    ["maintenance, v4", 503, v4("", "maintenance"), "maintenance", /maintenance/],
    ["the API's container down", 503, page, "server-error", /portal answers, but the API behind it does not/, true],
    ["a broken list", 500, v4("Failed to list hypervisors"), "server-error", /Failed to list/],
    ["an unexpected exception", 500, v4("Failed to create hypervisor"), "server-error", /Failed to create/, true],
    ["Flask's own 500", 500, page, "server-error", /500/, true],
    ["no space left", 507, v4("full"), "server-error", /507/],
    ["a token without data, v4", 500, "Internal Server Error", "server-error", /Internal Server Error/, true],
    ["something nobody has seen yet", 418, v4("I'm a teapot"), "unexpected-answer", /418, "I'm a teapot"/],
];

const contentTypeOf = (text: string): string =>
    text.startsWith("<") ? "text/html" : /^[[{]/.test(text) ? "application/json" : "text/plain";

function answer(status: number, text: string) {
    let body: unknown;
    try {
        body = JSON.parse(text);
    } catch {
        body = undefined;
    }
    return { status, text, contentType: contentTypeOf(text), body };
}

describe("classification of answers", () => {
    for (const [what, status, text, code, seen, retry] of answers) {
        it(`${what}: ${code}${retry ? ", worth a repetition" : ""}`, () => {
            const kind = classify(answer(status, text));
            assert.equal(kind.code, code);
            assert.match(kind.seen, seen);
            assert.equal(kind.retryable, retry);
            assert.match(kind.advice, /^\w.*[^.]$/, "a sentence that its user ends");
        });
    }

    it("never repeats v3's tracebacks and headers, nor a token", () => {
        const text = JSON.stringify({
            error: "internal_server",
            description: "bad token eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl here",
            debug: "Traceback: secret",
            request: { headers: "Authorization: Bearer secret" },
            function: "secret",
        });
        const { seen } = classify(answer(500, text));
        assert.doesNotMatch(seen, /secret|eyJ/);
        assert.match(seen, /bad token \[token\] here/);
    });

    it("never repeats a row that is cut off, or called plain text", () => {
        const row = JSON.stringify([{ id: "h1", vpn: { keys: { private: "hunter-22" } } }]);
        for (const text of [row.slice(0, -5), row.slice(3), row])
            assert.equal(
                classify({ ...answer(500, "x"), contentType: "text/plain", text, body: undefined }).seen,
                "the server answered 500",
            );
    });

    it("says what was wrong in one line of bearable length", () => {
        const { seen } = classify(answer(400, v4(`line\n${"x".repeat(5000)}`)));
        assert.doesNotMatch(seen, /\n/);
        assert.ok(seen.length < 260, String(seen.length));
    });
});
