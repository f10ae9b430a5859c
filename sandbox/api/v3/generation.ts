import type { Site } from "../../site";
import { json } from "../../web/exchange";
import type { Generation } from "../portal";
import { sharedRoutes } from "../shared/routes";
import { authorize, failed, notFound, wrongVerb } from "./frame";
import { v3Routes } from "./routes";

/** The Flask service. */
export function v3(site: Site): Generation {
    const dialect = {
        item: "",
        items: "",
        tableItem: "/admin/table",
        tableItems: "/admin/table",
        done: json({}),
    };
    return {
        prefix: "/api/v3",
        routes: [...v3Routes(site), ...sharedRoutes(site, dialect)],
        authorize: (route, request) => authorize(site, route, request),
        failed,
        notFound,
        wrongVerb,
        sendsOn: false,
    };
}
