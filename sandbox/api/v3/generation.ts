import type { Site } from "../../site";
import { json } from "../../web/exchange";
import type { Generation } from "../portal";
import { hypervisorRoutes } from "../shared/hypervisors";
import { operationsRoutes } from "../shared/operations";
import { orchestratorRoutes } from "../shared/orchestrator";
import { tableRoutes } from "../shared/tables";
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
        routes: [
            ...v3Routes(site),
            ...hypervisorRoutes(site, dialect),
            ...orchestratorRoutes(site, dialect),
            ...operationsRoutes(dialect),
            ...tableRoutes(site, dialect),
        ],
        authorize: (route, request) => authorize(site, route, request),
        failed,
        notFound,
        wrongVerb,
    };
}
