import type { Site } from "../../site";
import type { Route } from "../../web/routes";
import type { Dialect } from "./dialect";
import { hypervisorRoutes } from "./hypervisors";
import { operationsRoutes } from "./operations";
import { orchestratorRoutes } from "./orchestrator";
import { tableRoutes } from "./tables";

/** What both generations have, each in its dialect. */
export const sharedRoutes = (site: Site, dialect: Dialect): Route[] => [
    ...hypervisorRoutes(site, dialect),
    ...orchestratorRoutes(site, dialect),
    ...operationsRoutes(dialect),
    ...tableRoutes(site, dialect),
];
