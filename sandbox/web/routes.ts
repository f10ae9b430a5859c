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

/** The route, or the verb that its path allows instead. */
export type RouteMatch = { route: Route; params: Record<string, string> } | { allow: string } | undefined;

export function findRoute(routes: Route[], method: string, path: string): RouteMatch {
    let allow: string | undefined;
    for (const route of routes) {
        const params = paramsOf(route.path, path);
        if (!params) continue;
        if (route.method === method) return { route, params };
        allow ??= route.method;
    }
    return allow === undefined ? undefined : { allow };
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
    const wanted = pattern.split("/");
    const given = path.split("/");
    if (wanted.length !== given.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, segment] of wanted.entries()) {
        const value = decoded(given[index] ?? "");
        // a slash that was written as %2F is one all the same
        if (segment.startsWith(":") && value !== "" && !value.includes("/")) params[segment.slice(1)] = value;
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
