import type { Row } from "../../row";
import type { Site } from "../../site";
import { formFields, json } from "../../web/exchange";
import { Failure } from "../../web/failure";
import type { Route } from "../../web/routes";
import { desktopsOf, removeHypervisor } from "../removal";
import { Form } from "./form";
import { register } from "./register";

/** What only the older generation has, or does in its own way. */
export function v3Routes(site: Site): Route[] {
    const { hypervisors } = site.database;
    // what breaks here has no words of its own: the framework's page answers
    const failure = "";
    const listed = (status?: string): Row[] =>
        hypervisors
            .all()
            .filter((row) => status === undefined || row.status === status)
            .map((row) => ({ ...row, desktops_started: desktopsOf(site, row) }));
    return [
        {
            method: "GET",
            path: "",
            access: "open",
            failure,
            handle: () =>
                json({
                    name: "IsardVDI",
                    api_version: 3.1,
                    isardvdi_version: site.settings.release,
                    usage: "production",
                }),
        },
        {
            method: "GET",
            path: "/hypervisors",
            access: "admin",
            failure,
            handle: () => json(listed()),
        },
        {
            method: "GET",
            path: "/hypervisors/:status",
            access: "admin",
            failure,
            handle: ({ params }) => {
                if (!["Online", "Offline", "Error"].includes(params.status ?? "")) {
                    throw new Failure("bad_request", "Hypervisor status incorrect");
                }
                return json(listed(params.status));
            },
        },
        {
            method: "GET",
            path: "/hypervisor/status/:id",
            access: "admin",
            failure,
            handle: ({ params }) => {
                const row = hypervisors.get(params.id ?? "");
                if (!row) throw new Error("Cannot perform pluck on a non-object non-sequence `null`.");
                return json({ id: row.id, status: row.status, only_forced: row.only_forced ?? false });
            },
        },
        {
            method: "POST",
            path: "/hypervisor",
            access: "hypervisor",
            failure,
            handle: (request) => register(site, request),
        },
        {
            method: "PUT",
            path: "/hypervisor/:id",
            access: "hypervisor",
            failure,
            handle: async (request) => {
                const { enabled = "True" } = await formFields(request);
                // any text at all is true, "False" too
                if (hypervisors.update(request.params.id ?? "", { enabled: enabled !== "" })) return json({});
                throw new Failure("bad_request", "Hypervisor update bad data");
            },
        },
        {
            method: "DELETE",
            path: "/hypervisor/:id",
            access: "hypervisor",
            failure,
            handle: async ({ params }) => {
                await removeHypervisor(site, params.id ?? "");
                return json({});
            },
        },
        {
            method: "PUT",
            path: "/hypervisor/:id/boot_progress",
            access: "hypervisor",
            failure,
            handle: async (request) => {
                const form = new Form(await formFields(request), "Boot progress bad data");
                hypervisors.update(request.params.id ?? "", { boot_progress: form.object("boot_progress") });
                return json({});
            },
        },
    ];
}
