import { Failure } from "../../web/failure";
import type { Route } from "../../web/routes";
import type { Dialect } from "./dialect";

/** The operations service creates machines elsewhere; a site without it refuses. */
export function operationsRoutes({ item, items }: Dialect): Route[] {
    const route = (method: Route["method"], path: string): Route => ({
        method,
        path,
        access: "admin",
        failure: "Operations failed",
        handle: () => {
            throw new Failure("forbidden", "Operations API is not enabled");
        },
    });
    return [
        route("GET", `${items}/operations/hypervisors`),
        route("PUT", `${item}/operations/hypervisor/:id`),
        route("DELETE", `${item}/operations/hypervisor/:id`),
    ];
}
