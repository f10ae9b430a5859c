import { part, text, type Row } from "../../row";
import type { Site } from "../../site";
import { json, type ApiRequest } from "../../web/exchange";
import { Failure } from "../../web/failure";
import type { Route } from "../../web/routes";
import { stopDesktops } from "../removal";
import type { Dialect } from "./dialect";

/** The orchestrator's endpoints: its short view of the hypervisors and its marks on their rows. */
export function orchestratorRoutes(site: Site, dialect: Dialect): Route[] {
    const { hypervisors } = site.database;
    const { item, items, done } = dialect;
    const access = "admin";
    const one = `${item}/orchestrator/hypervisor/:id`;

    const rowOf = ({ params }: ApiRequest): Row => {
        const row = hypervisors.get(params.id ?? "");
        if (row) return row;
        throw new Failure("not_found", `Hypervisor with ID ${params.id} does not exist.`);
    };
    const mark = (method: "POST" | "DELETE", managed: boolean): Route => ({
        method,
        path: `${one}/manage`,
        access,
        failure: "Failed to manage hypervisor",
        handle: ({ params }) => {
            hypervisors.update(params.id ?? "", { orchestrator_managed: managed });
            return done;
        },
    });

    return [
        {
            method: "GET",
            path: one,
            access,
            failure: "Failed to get orchestrator hypervisor",
            handle: (request) => json(view(site, rowOf(request))),
        },
        {
            method: "GET",
            path: `${items}/orchestrator/hypervisors`,
            access,
            failure: "Failed to get orchestrator hypervisors",
            handle: () => json(hypervisors.all().map((row) => view(site, row))),
        },
        {
            method: "POST",
            path: `${items}/hypervisors/orchestrator_managed`,
            access,
            failure: "Failed to get managed hypervisors",
            handle: () =>
                json(
                    hypervisors
                        .all()
                        .filter((row) => row.orchestrator_managed === true)
                        .map((row) => view(site, row)),
                ),
        },
        {
            method: "DELETE",
            path: `${items}/orchestrator/hypervisor/:id/desktops`,
            access,
            failure: "Failed to stop desktops",
            handle: async ({ params }) => {
                await stopDesktops(site, params.id ?? "");
                return done;
            },
        },
        {
            method: "POST",
            path: `${one}/dead_row`,
            access,
            failure: "Failed to set dead row",
            handle: (request) => {
                const row = rowOf(request);
                if (row.orchestrator_managed !== true) throw notManaged(text(row, "id"));
                const destroy_time = new Date(site.clock.epochMs() + 3_600_000).toISOString();
                hypervisors.update(text(row, "id"), { only_forced: true, destroy_time });
                return json({ destroy_time });
            },
        },
        {
            method: "DELETE",
            path: `${one}/dead_row`,
            access,
            failure: "Failed to reset dead row",
            handle: (request) => {
                const row = rowOf(request);
                const id = text(row, "id");
                if (row.orchestrator_managed !== true) throw notManaged(id);
                if (!row.destroy_time) {
                    throw new Failure("precondition_required", `Hypervisor with ID ${id} is not in dead row.`);
                }
                hypervisors.update(id, { only_forced: false, destroy_time: null });
                return done;
            },
        },
        mark("POST", true),
        mark("DELETE", false),
    ];
}

function notManaged(id: string): Failure {
    return new Failure("precondition_required", `Hypervisor with ID ${id} is not managed by the orchestrator.`);
}

function view(site: Site, row: Row): Row {
    const memory = part(part(row, "stats"), "mem_stats");
    const cpu = part(part(row, "stats"), "cpu_5min");
    return {
        id: row.id,
        status: row.status,
        only_forced: row.only_forced ?? false,
        buffering_hyper: row.buffering_hyper ?? false,
        destroy_time: row.destroy_time ?? null,
        stats: row.stats ?? {},
        orchestrator_managed: row.orchestrator_managed ?? false,
        min_free_mem_gb: row.min_free_mem_gb ?? 0,
        gpu_only: row.gpu_only ?? false,
        desktops_started: site.world.resolve(text(row, "hostname"))?.desktops ?? 0,
        bookings_end_time: null,
        gpus: [],
        cpu: { total: 100, used: cpu.used ?? 0, free: cpu.idle ?? 0 },
        ram: { total: memory.total ?? 0, used: memory.used ?? 0, free: memory.available ?? 0 },
    };
}
