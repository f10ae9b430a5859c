import type { Answer, ApiRequest } from "./exchange";

/** Who may call: administrators, hypervisors too, or anyone. */
export type Access = "admin" | "hypervisor" | "open";

export interface Route {
    method: "GET" | "POST" | "PUT" | "DELETE";
    /** `:name` stands for one segment. */
    path: string;
    access: Access;
    /** What the answer says when the work breaks unexpectedly. */
    failure: string;
    handle: (request: ApiRequest) => Answer | Promise<Answer>;
}

export type RouteMatch = { route: Route; params: Record<string, string> } | "wrong-verb" | undefined;

export function findRoute(routes: Route[], method: string, path: string): RouteMatch {
    let known = false;
    for (const route of routes) {
        const params = paramsOf(route.path, path);
        if (!params) continue;
        if (route.method === method) return { route, params };
        known = true;
    }
    return known ? "wrong-verb" : undefined;
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
    const wanted = pattern.split("/");
    const given = path.split("/");
    if (wanted.length !== given.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, segment] of wanted.entries()) {
        const value = given[index] ?? "";
        if (segment.startsWith(":") && value !== "") params[segment.slice(1)] = decoded(value);
        else if (segment !== value) return undefined;
    }
    return params;
}

function decoded(value: string): string {
    try {
        return decodeURIComponent(value);
    } catch {
        return value;
    }
}
