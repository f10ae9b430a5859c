import type { SiteClock } from "../clock";
import type { Table } from "../database";
import { part, type Row } from "../row";

export type Status = "Online" | "Offline" | "Error" | "Deleting";

/** Writes a status the way the engine does: with its detail, its time and the history of the ones before. */
export function writeStatus(table: Table, clock: SiteClock, id: string, status: Status, detail: string): void {
    const row = table.get(id);
    if (!row) return;
    const before = { status: row.status, detail: row.detail ?? "", status_time: row.status_time ?? false };
    const history = Array.isArray(row.prev_status) ? (row.prev_status as Row[]) : [];
    table.update(id, {
        status,
        detail,
        status_time: clock.epochSeconds(),
        prev_status: [before, ...history].slice(0, 10),
        cap_status: status === "Online" ? part(row, "capabilities") : { hypervisor: false, disk_operations: false },
    });
}
