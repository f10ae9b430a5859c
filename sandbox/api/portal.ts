import { authenticationRoutes } from "../auth/routes";
import type { Site } from "../site";
import { html, plain, type Answer, type ApiRequest } from "../web/exchange";
import { findRoute, type Route } from "../web/routes";
import { engineRoutes } from "./engine-routes";
import { v3 } from "./v3/generation";
import { v4 } from "./v4/generation";

/** One generation of the API behind the portal. */
export interface Generation {
    prefix: string;
    routes: Route[];
    authorize(route: Route, request: ApiRequest): void;
    failed(error: unknown, route: Route, request: ApiRequest): Answer;
    notFound: Answer;
    wrongVerb(allow: string): Answer;
    /** Where a path with a slash too many is sent on. */
    sendsOn: boolean;
}

const SPA =
    '<!DOCTYPE html><html lang="en"><head><title>IsardVDI</title></head><body><div id="app"></div></body></html>\n';
const WRONG_VERB =
    "<html>\n<head><title>405 Not Allowed</title></head>\n<body><center><h1>405 Not Allowed</h1></center></body>\n</html>\n";

/** Leads each path to its service; what nobody serves falls through to the static web pages. */
export function portal(site: Site): (request: ApiRequest) => Promise<Answer> {
    const generation = site.settings.generation === "v4" ? v4(site) : v3(site);
    const beside = [...authenticationRoutes(site), ...engineRoutes(site)];
    return async (request) => {
        const { prefix } = generation;
        if (site.settings.generation === "v4" && request.path === prefix) {
            return plain("", 307, { location: `${prefix}/` });
        }
        if (request.path === prefix || request.path.startsWith(`${prefix}/`)) {
            return serve(generation, request, request.path.slice(prefix.length));
        }
        const found = findRoute(beside, request.method, request.path);
        if (found && "allow" in found) return plain("Method Not Allowed", 405);
        if (found === undefined) return request.method === "GET" ? html(SPA, 200) : html(WRONG_VERB, 405);
        return await run(generation, found.route, { ...request, params: found.params });
    };
}

async function serve(generation: Generation, request: ApiRequest, path: string): Promise<Answer> {
    const found = findRoute(generation.routes, request.method, path);
    if (found === undefined) {
        const bare = path.replace(/\/$/, "");
        const isKnown = bare !== path && findRoute(generation.routes, request.method, bare) !== undefined;
        if (!generation.sendsOn || !isKnown) return generation.notFound;
        return plain("", 307, { location: request.path.replace(/\/$/, "") });
    }
    if ("allow" in found) return generation.wrongVerb(found.allow);
    return run(generation, found.route, { ...request, params: found.params });
}

async function run(generation: Generation, route: Route, request: ApiRequest): Promise<Answer> {
    try {
        generation.authorize(route, request);
        return await route.handle(request);
    } catch (error) {
        return generation.failed(error, route, request);
    }
}
