import type { Site } from "../site";
import { json, plain } from "../web/exchange";
import type { Route } from "../web/routes";

/** The engine's own health page. */
export function engineRoutes(site: Site): Route[] {
    const access = "admin";
    const failure = "Engine status failed";
    return [
        {
            method: "GET",
            path: "/engine/status",
            access,
            failure,
            handle: () => (site.engine.running ? plain("Ok") : plain("Engine is not running", 428)),
        },
        {
            method: "GET",
            path: "/engine/status/detail",
            access,
            failure,
            handle: () => json({ running: site.engine.running }),
        },
    ];
}
