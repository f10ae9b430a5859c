import { isRow, strings, text, type Row } from "../../row";
import type { Site } from "../../site";
import { json, jsonBody, type ApiRequest } from "../../web/exchange";
import { Failure } from "../../web/failure";
import type { Route } from "../../web/routes";
import { wireGuardConfiguration } from "../../vpn/configuration";
import { DEFAULT_POOL } from "../registration";
import { desktopsOf, stopDesktops } from "../removal";
import type { Dialect } from "./dialect";

const STARTED_CACHE = 10_000;

/** Endpoints about one hypervisor that both generations have in the same shape. */
export function hypervisorRoutes(site: Site, dialect: Dialect): Route[] {
    const { hypervisors } = site.database;
    const { item, items, done } = dialect;
    const started = new Map<string, Row[]>();

    const rowOf = (request: ApiRequest): Row => {
        const id = request.params.id ?? "";
        const row = hypervisors.get(id);
        if (!row) throw new Failure("not_found", `Hypervisor with ID ${id} does not exist.`, "hypervisor_not_found");
        return row;
    };

    const poolsOf = ({ params: { id = "" } }: ApiRequest): Row => {
        const row = hypervisors.get(id);
        if (!row) throw new Failure("not_found", `Hypervisor ${id} not found`);
        return row;
    };

    return [
        {
            method: "PUT",
            path: `${item}/hypervisor/stop/:id`,
            access: "hypervisor",
            failure: "Failed to stop hypervisor domains",
            handle: async ({ params }) => {
                await stopDesktops(site, params.id ?? "");
                return done;
            },
        },
        {
            method: "GET",
            path: `${item}/hypervisor_vpn/:id`,
            access: "hypervisor",
            failure: "Failed to get hypervisor vpn",
            handle: ({ params }) => json(wireGuardConfiguration(site, params.id ?? "")),
        },
        {
            method: "GET",
            path: `${items}/hypervisor/mountpoints/:id`,
            access: "admin",
            failure: "Failed to get mountpoints",
            handle: (request) => {
                const { mountpoints } = rowOf(request);
                if (Array.isArray(mountpoints)) return json(mountpoints);
                throw new Failure("not_found", "Mountpoints information still not available");
            },
        },
        {
            method: "GET",
            path: `${items}/hypervisor/started_domains/:id`,
            access: "admin",
            failure: "Failed to get started domains",
            handle: (request) => {
                const id = request.params.id ?? "";
                if (!started.has(id)) {
                    started.set(id, startedDomains(site, id));
                    site.clock.after(STARTED_CACHE, () => started.delete(id));
                }
                return json(started.get(id));
            },
        },
        {
            method: "GET",
            path: `${items}/hypervisor/:id/virt_pools`,
            access: "admin",
            failure: "Failed to get virt pools",
            handle: (request) => json(virtPools(poolsOf(request))),
        },
        {
            method: "PUT",
            path: `${items}/hypervisor/:id/virt_pools`,
            access: "admin",
            failure: "Failed to update virt pools",
            handle: (request) => {
                const row = poolsOf(request);
                const body = jsonBody(request);
                if (!isRow(body) || typeof body.id !== "string" || typeof body.enable_virt_pool !== "boolean") {
                    throw new Failure("bad_request", "Virt pool bad data");
                }
                const pool = body.id;
                if (!strings(row, "virt_pools").includes(pool)) {
                    const told = `Virt pool with ID ${pool} is not available for hypervisor.`;
                    throw new Failure("precondition_required", told);
                }
                const others = strings(row, "enabled_virt_pools").filter((id) => id !== pool);
                hypervisors.update(text(row, "id"), {
                    enabled_virt_pools: body.enable_virt_pool ? [...others, pool] : others,
                });
                return done;
            },
        },
    ];
}

function startedDomains(site: Site, id: string): Row[] {
    const length = desktopsOf(site, site.database.hypervisors.get(id));
    return Array.from({ length }, (_, index) => ({
        id: `desktop-${id}-${index + 1}`,
        status: "Started",
    }));
}

function virtPools(row: Row): Row[] {
    const available = strings(row, "virt_pools");
    const enabled = strings(row, "enabled_virt_pools");
    return [...new Set([DEFAULT_POOL, ...available])].map((id) => ({
        id,
        name: id === DEFAULT_POOL ? "Default" : id,
        categories: [],
        enabled: true,
        available: available.includes(id),
        enabled_virt_pool: enabled.includes(id),
    }));
}
