import { part, text, type Row } from "../row";
import { squashed } from "./squash";
import { writeStatus } from "./status";
import { Worker, type WorkerSite } from "./worker";

const RELAY = 100;

/** The engine: follows the hypervisors table and keeps one worker for each enabled row. */
export class Engine {
    running = false;
    private readonly workers = new Map<string, Worker>();
    private readonly cancels: (() => void)[] = [];

    constructor(private readonly site: WorkerSite) {}

    start(): void {
        if (this.running) return;
        this.running = true;
        const { table, clock } = this.site;
        for (const row of table.all()) {
            const id = text(row, "id");
            if (row.status === "Deleting") table.delete(id);
            else {
                writeStatus(table, clock, id, "Offline", "");
                table.update(id, {
                    degraded: { is_degraded: false, reason: null, since: null },
                    libvirt_warning: null,
                });
            }
        }
        this.cancels.push(
            squashed(table, clock, (before, after) => this.noticeLater(before, after)),
            clock.every(10_000, () => this.sweep()),
            clock.after(2_000, () => this.sweep()),
        );
    }

    /** Down at once: nothing is written, every status stays as it was. */
    stop(): void {
        this.running = false;
        for (const cancel of this.cancels.splice(0)) cancel();
        for (const worker of this.workers.values()) worker.stop();
        this.workers.clear();
    }

    private noticeLater(before: Row | undefined, after: Row | undefined): void {
        const relevant =
            !after ||
            before?.enabled !== after.enabled ||
            (after.status === "Deleting") !== (before?.status === "Deleting");
        // through Redis, after the feed
        if (relevant) this.site.clock.after(RELAY, () => this.running && this.notice(before, after));
    }

    private notice(before: Row | undefined, after: Row | undefined): void {
        const id = text(after ?? before, "id");
        if (!after) return this.drop(id);
        if (after.status === "Deleting") {
            this.drop(id);
            this.site.table.delete(id);
        } else if (after.enabled === true) this.launch(id);
        else if (before?.enabled === true) this.disable(id);
    }

    private disable(id: string): void {
        this.drop(id);
        // an Error stays to be read after the hypervisor was switched off
        if (this.site.table.get(id)?.status !== "Online") return;
        writeStatus(this.site.table, this.site.clock, id, "Offline", "");
    }

    private sweep(): void {
        for (const row of this.site.table.all()) {
            if (row.enabled === true && (row.status === "Error" || row.status === "Offline"))
                this.launch(text(row, "id"));
        }
    }

    private launch(id: string): void {
        const row = this.site.table.get(id);
        const current = this.workers.get(id);
        if (row?.enabled !== true || part(row, "capabilities").hypervisor !== true || (current && !current.ended))
            return;
        this.workers.set(id, new Worker(this.site, id, row));
    }

    private drop(id: string): void {
        this.workers.get(id)?.stop();
        this.workers.delete(id);
    }
}
