import type { Site } from "../../site";
import { noContent } from "../../web/exchange";
import type { Generation } from "../portal";
import { sharedRoutes } from "../shared/routes";
import { authorize, failed, notFound, wrongVerb } from "./frame";
import { v4Routes } from "./routes";

/** The FastAPI service. */
export function v4(site: Site): Generation {
    const dialect = {
        item: "/admin/item",
        items: "/admin/items",
        tableItem: "/admin/item/table",
        tableItems: "/admin/items/table",
        done: noContent,
    };
    return {
        prefix: "/api/v4",
        routes: [...v4Routes(site), ...sharedRoutes(site, dialect)],
        authorize: (route, request) => authorize(site, route, request),
        failed,
        notFound,
        wrongVerb,
        sendsOn: true,
    };
}
