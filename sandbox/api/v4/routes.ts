import { isRow, merged, type Row } from "../../row";
import type { Site } from "../../site";
import { json, noContent } from "../../web/exchange";
import { Failure } from "../../web/failure";
import type { Route } from "../../web/routes";
import { removeHypervisor } from "../removal";
import { listed } from "./list";
import { register } from "./register";
import { bool, listOf, object, orNull, readBody, string } from "./validation";

const STATUSES = ["Online", "Offline", "Error", "Deleting"];

/** What only the newer generation has, or does in its own way. */
export function v4Routes(site: Site): Route[] {
    const { hypervisors, interfaces } = site.database;
    const access = "admin";
    return [
        {
            method: "GET",
            path: "/",
            access: "open",
            failure: "",
            handle: () =>
                json({
                    name: "IsardVDI",
                    api_version: "4.0-alpha1",
                    isardvdi_version: site.settings.release,
                    usage: "production",
                }),
        },
        {
            method: "GET",
            path: "/admin/items/hypervisors",
            access,
            failure: "Failed to list hypervisors",
            handle: ({ query }) => {
                const status = query.get("status") ?? undefined;
                if (status !== undefined) checkStatus(status);
                return json(listed(site, status));
            },
        },
        {
            method: "GET",
            path: "/admin/items/hypervisors/:status",
            access,
            failure: "Failed to list hypervisors",
            handle: ({ params }) => {
                checkStatus(params.status ?? "");
                return json(listed(site, params.status));
            },
        },
        {
            method: "GET",
            path: "/admin/item/hypervisor/status/:id",
            access,
            failure: "Failed to get hypervisor status",
            handle: ({ params }) => {
                const row = hypervisors.get(params.id ?? "");
                if (!row) throw new Failure("not_found", `Hypervisor ${params.id} not found`, "hypervisor_not_found");
                return json({ id: null, status: row.status, only_forced: row.only_forced ?? false });
            },
        },
        {
            method: "POST",
            path: "/admin/item/hypervisor",
            access,
            failure: "Failed to create hypervisor",
            handle: (request) => register(site, request),
        },
        {
            method: "PUT",
            path: "/admin/item/hypervisor/:id",
            access,
            failure: "Failed to update hypervisor",
            handle: (request) => {
                const model = {
                    enabled: { kind: bool, fallback: true },
                    numa_topology: { kind: orNull(object), fallback: null },
                };
                const body = readBody(request, model);
                const numa: Row = isRow(body.numa_topology) ? { numa_topology: body.numa_topology } : {};
                if (!hypervisors.update(request.params.id ?? "", merged({ enabled: body.enabled }, numa))) {
                    throw new Failure("bad_request", "Hypervisor update bad data");
                }
                return json({});
            },
        },
        {
            method: "DELETE",
            path: "/admin/item/hypervisor/:id",
            access,
            failure: "Failed to delete hypervisor",
            handle: async ({ params }) => {
                await removeHypervisor(site, params.id ?? "");
                return noContent;
            },
        },
        {
            method: "PUT",
            path: "/admin/item/orchestrator/hypervisor/:id/only_forced",
            access,
            failure: "Failed to set only forced",
            handle: (request) => {
                const { only_forced } = readBody(request, { only_forced: { kind: bool } });
                const { id = "" } = request.params;
                if (hypervisors.update(id, { only_forced })) return noContent;
                throw new Failure("not_found", `Hypervisor with ID ${id} does not exist.`);
            },
        },
        {
            method: "PUT",
            path: "/admin/item/hypervisor/:id/boot_progress",
            access,
            failure: "Failed to update boot progress",
            handle: (request) => {
                hypervisors.update(request.params.id ?? "", readBody(request, { boot_progress: { kind: object } }));
                return noContent;
            },
        },
        {
            method: "POST",
            path: "/admin/items/vlans",
            access,
            failure: "Failed to add vlans",
            handle: (request) => {
                const { vlans } = readBody(request, { vlans: { kind: listOf(string) } });
                for (const vlan of vlans as string[]) interfaces.upsert(`v${vlan}`, vlanRow(vlan));
                return noContent;
            },
        },
    ];
}

function checkStatus(status: string): void {
    if (!STATUSES.includes(status)) throw new Failure("bad_request", "Hypervisor status incorrect");
}

function vlanRow(vlan: string): Row {
    return {
        id: `v${vlan}`,
        name: `Vlan ${vlan}`,
        description: "Infrastructure vlan",
        ifname: `br-${vlan}`,
        net: `br-${vlan}`,
        kind: "bridge",
        model: "virtio",
        qos_id: false,
        allowed: { roles: ["admin"], categories: false, groups: false, users: false },
    };
}
