import { admit, notEnoughRights } from "../../auth/guard";
import type { Site } from "../../site";
import { html, json, type Answer, type ApiRequest } from "../../web/exchange";
import { Failure, failureBody } from "../../web/failure";
import type { Route } from "../../web/routes";

const page = (status: number, title: string): Answer =>
    html(`<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n`, status);

export const notFound = page(404, "Not Found");
export const wrongVerb = (): Answer => page(405, "Method Not Allowed");

export function authorize(site: Site, route: Route, request: ApiRequest): void {
    if (route.access === "open") return;
    const header = request.headers.authorization;
    if (!header) throw new Failure("unauthorized", "Authorization header is expected");
    const [scheme = "", token = ""] = header.split(" ");
    if (scheme.toLowerCase() !== "bearer") {
        throw new Failure("unauthorized", "Authorization header must start with Bearer");
    }
    const { claims, role } = admit(site, token, 0);
    request.claims = claims;
    if (role === "admin" || (role === "hypervisor" && route.access === "hypervisor")) return;
    if (route.access === "admin") throw notEnoughRights();
    // the check for hypervisors breaks instead of refusing
    throw new TypeError("exceptions must derive from BaseException");
}

/** Known failures carry the server's inner state outward: its stack and the request with all its headers. */
export function failed(error: unknown, _route: Route, request: ApiRequest): Answer {
    if (!(error instanceof Failure)) return page(500, "Internal Server Error");
    const inner = {
        debug: `Traceback (most recent call last):\n  File "/api/api/views/decorators.py", line 214\n${error.message}`,
        function: "decorators.py:214 api.views.decorators",
        request: `${request.method} ${request.path}\r\n${JSON.stringify(request.headers)}`,
    };
    return json(failureBody(error, inner), error.status);
}
