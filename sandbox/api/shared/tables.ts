import { isRow, strings, type Row } from "../../row";
import type { Site } from "../../site";
import type { Key, Table } from "../../database";
import { json, jsonBody, type Answer, type ApiRequest } from "../../web/exchange";
import { Failure } from "../../web/failure";
import type { Route } from "../../web/routes";
import { desktopsOf } from "../removal";
import type { Dialect } from "./dialect";

const SECRET_COLUMNS = ["viewer", "keys", "ssh", "sshkeys"];
const LIST_CACHE = 5_000;

/** The administrators' raw access to tables: hardly anything is checked. */
export function tableRoutes(site: Site, dialect: Dialect): Route[] {
    const cache = new Map<string, Row[]>();
    const v4 = site.settings.generation === "v4";
    const access = "admin";

    const read = (request: ApiRequest, wish: Row): Answer => {
        const name = request.params.table ?? "";
        const table = tableOf(site, request);
        const pluck = strings(wish, "pluck");
        if (pluck.some((column) => SECRET_COLUMNS.includes(column))) throw new Failure("forbidden", "Not allowed.");
        const shown = (row: Row): Row =>
            pluck.length === 0
                ? row
                : Object.fromEntries(pluck.filter((key) => key in row).map((key) => [key, row[key]]));
        if (typeof wish.id === "string" && wish.id !== "") {
            const row = counted(name, table.get(wish.id));
            // the newer one merges into the document that it did not find
            if (!row && v4) throw new Error("Cannot perform merge on a non-object non-sequence `null`.");
            return json(row ? shown(row) : null);
        }
        const kept = cache.get(name) ?? table.all();
        if (v4 && !cache.has(name)) {
            cache.set(name, kept);
            site.clock.after(LIST_CACHE, () => cache.delete(name));
        }
        return json(kept.map(shown));
    };

    const counted = (name: string, row: Row | undefined): Row | undefined =>
        row && v4 && name === "hypervisors" ? { ...row, desktops_started: desktopsOf(site, row), gpus: [] } : row;

    return [
        {
            method: "GET",
            path: `${dialect.tableItems}/:table`,
            access,
            failure: "Failed to get table items",
            handle: (request) => {
                const id = request.query.get("id");
                return read(request, { ...(id !== null && { id }), pluck: request.query.getAll("pluck") });
            },
        },
        {
            method: "POST",
            path: `${dialect.tableItems}/:table`,
            access,
            failure: "Failed to get table items",
            handle: (request) => read(request, bodyOf(request)),
        },
        {
            method: "PUT",
            path: `${dialect.tableItem}/update/:table`,
            access,
            failure: "Failed to update table",
            handle: (request) => {
                const change = withId(bodyOf(request));
                if (!v4) checkCapabilities(change);
                tableOf(site, request).update(change.id, change);
                return dialect.done;
            },
        },
        {
            method: "POST",
            path: `${dialect.tableItem}/add/:table`,
            access,
            failure: "Failed to add to table",
            handle: (request) => {
                const row = withId(bodyOf(request));
                const table = tableOf(site, request);
                if (table.has(row.id)) {
                    throw new Failure("conflict", `Id ${row.id} already exists in table ${request.params.table}`);
                }
                table.upsert(row.id, row);
                return dialect.done;
            },
        },
        {
            method: "DELETE",
            path: `${dialect.tableItem}/:table/:id`,
            access,
            failure: "Failed to delete from table",
            handle: (request) => {
                const id = request.params.id ?? "";
                if (tableOf(site, request).delete(id)) return dialect.done;
                throw new Failure("not_found", `Id ${id} not found in table ${request.params.table}`);
            },
        },
    ];
}

function tableOf(site: Site, request: ApiRequest): Table {
    const name = request.params.table ?? "";
    const table = site.database.table(name);
    if (!table) throw new Failure("not_found", `Table ${name} not found`);
    return table;
}

function bodyOf(request: ApiRequest): Row {
    const body = request.body.length === 0 ? {} : jsonBody(request);
    if (!isRow(body)) throw new Failure("bad_request", "Unable to parse body data.");
    return body;
}

function withId(body: Row): Row & { id: Key } {
    const { id } = body;
    if (typeof id !== "string" && typeof id !== "number")
        throw new Failure("bad_request", "Missing 'id' field in request body");
    return { ...body, id };
}

function checkCapabilities(change: Row): void {
    const { capabilities } = change;
    if (!isRow(capabilities) || capabilities.disk_operations !== false || capabilities.hypervisor !== false) return;
    throw new Failure("bad_request", "'disk_operations' and 'hypervisor' capabilities can't be both false");
}
