import { admit, notEnoughRights } from "../../auth/guard";
import { isRow } from "../../row";
import type { Site } from "../../site";
import { json, plain, type Answer, type ApiRequest } from "../../web/exchange";
import { Failure, failureBody, type FailureKind } from "../../web/failure";
import type { Route } from "../../web/routes";
import { Invalid } from "./validation";

const LEEWAY = 60;
/** What kind of failure it is: the text of this one is in the description. */
const GENERIC: Record<FailureKind, string> = {
    bad_request: "Bad request",
    unauthorized: "Unauthorized",
    forbidden: "Forbidden",
    not_found: "Not found",
    conflict: "Conflict",
    precondition_required: "Precondition required",
    too_many_requests: "Too many requests",
    internal_server: "Internal server error",
};
const EMPTY = { debug: "", function: "", request: "" };

/** An answer that the framework gives before the application is asked. */
class Refused extends Error {
    constructor(readonly answer: Answer) {
        super(answer.content);
    }
}

export const notFound = json({ detail: "Not Found" }, 404);
export const wrongVerb = (allow: string): Answer => ({
    ...json({ detail: "Method Not Allowed" }, 405),
    headers: { allow },
});

export function authorize(site: Site, route: Route, request: ApiRequest): void {
    if (route.access === "open") return;
    const header = request.headers.authorization;
    if (!header || /^bearer\s*$/i.test(header)) throw new Refused(json({ detail: "Not authenticated" }, 403));
    const [scheme = "", token = ""] = header.split(" ");
    if (scheme.toLowerCase() !== "bearer") {
        throw new Refused(json({ detail: "Invalid authentication credentials" }, 403));
    }
    let admitted;
    try {
        admitted = admit(site, token, LEEWAY);
    } catch (error) {
        // what breaks in the door itself never reaches the application's own wrapper
        throw error instanceof Failure ? error : new Refused(plain("Internal Server Error", 500));
    }
    // a hypervisor's service token counts as an administrator's here
    if (admitted.role === "other" || !isRow(admitted.claims.data)) throw notEnoughRights();
    request.claims = admitted.claims;
}

export function failed(error: unknown, route: Route): Answer {
    if (error instanceof Refused) return error.answer;
    if (error instanceof Invalid) return json(error.body(), 400);
    const failure = error instanceof Failure ? error : new Failure("internal_server", route.failure);
    return json({ ...failureBody(failure, EMPTY), msg: GENERIC[failure.kind] }, failure.status);
}
