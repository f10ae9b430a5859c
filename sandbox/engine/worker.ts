import type { Client } from "ssh2";
import type { SiteClock } from "../clock";
import type { Table } from "../database";
import { part, text, type Row } from "../row";
import type { Journal } from "../journal";
import { hardwareInfo, load } from "./measures";
import type { EngineSsh } from "./ssh";
import { writeStatus } from "./status";

const NO_KVM =
    "KVM requires virtualization support (VT-x for Intel or AMD-V for AMD). " +
    "Check CPU capabilities and enable virtualization in BIOS.";

/** A check is a command over real SSH, so a fast clock does not make it more frequent than this. */
const checkMs = 1_000;

export interface WorkerSite {
    table: Table;
    clock: SiteClock;
    ssh: EngineSsh;
    journal: Journal;
    /** v4 believes the row; v3 looks at the processor itself. */
    kvmModule: (row: Row | undefined) => unknown;
}

/** The engine's thread for one hypervisor: it lives from enable to disable or to its first Error. */
export class Worker {
    ended = false;
    private client: Client | undefined;
    private failedProbes = 0;
    private losses = 0;
    private readonly cancels: (() => void)[] = [];
    // hostname, port and user are read once: a change takes effect at the next enable
    private readonly hostname: string;
    private readonly port: string;
    private readonly user: string;

    constructor(
        private readonly site: WorkerSite,
        private readonly id: string,
        row: Row,
    ) {
        this.hostname = text(row, "hostname");
        this.port = text(row, "port");
        this.user = text(row, "user");
        void this.start();
    }

    stop(): void {
        this.ended = true;
        for (const cancel of this.cancels) cancel();
        this.client?.destroy();
    }

    private async start(): Promise<void> {
        this.site.journal.info(`hyp_worker ${this.id}: trying ${this.user}@${this.hostname}:${this.port}`);
        await this.site.clock.sleep(200);
        if (this.ended || !(await this.connect())) return this.fail("Cannot connect to libvirt");
        if (Object.keys(part(this.row(), "info")).length === 0) await this.scan();
        if (this.ended) return;
        const module = part(this.row(), "info").kvm_module;
        if (module !== "intel" && module !== "amd") return this.fail(NO_KVM);
        if (!this.client) return this.fail("Libvirt connection is not alive");
        this.online();
        const { clock } = this.site;
        this.cancels.push(
            clock.every(Math.max(2_000, checkMs * clock.scale), () => void this.checkLibvirt()),
            clock.every(10_000, () => this.write({ stats: load(clock.epochSeconds()) })),
            clock.after(5_000, () => this.write({ mountpoints: [{ mount: "/isard/groups", usage: 12 }] })),
        );
    }

    private async scan(): Promise<void> {
        await this.site.clock.sleep(12_000 + Math.random() * 3_000);
        this.write({ info: hardwareInfo(this.site.kvmModule(this.row()) ?? false) });
    }

    private online(): void {
        if (this.ended) return;
        writeStatus(this.site.table, this.site.clock, this.id, "Online", "");
        this.site.journal.info(`hyp_worker ${this.id}: hypervisor ${this.hostname} is Online`);
        this.write({ viewer_status: { html5: true, static: true, spice: true } });
        // the mark of a lost connection is taken away only by a later round
        this.cancels.push(
            this.site.clock.after(3_000, () =>
                this.write({ degraded: { is_degraded: false, reason: null, since: null } }),
            ),
        );
    }

    private async connect(): Promise<boolean> {
        try {
            const client = await this.site.ssh.connect(this.hostname, this.port, this.user);
            if (this.ended) client.destroy();
            this.client = client;
            client.once("close", () => this.lost(client));
            return !this.ended;
        } catch {
            return false;
        }
    }

    private lost(client: Client): void {
        if (this.ended || this.client !== client) return;
        this.client = undefined;
        const lostAt = ++this.losses;
        this.write({
            cap_status: { hypervisor: false, disk_operations: false },
            degraded: { is_degraded: true, reason: "libvirt connection lost", since: this.site.clock.epochSeconds() },
        });
        this.failedProbes = 0;
        this.cancels.push(
            this.site.clock.after(2_000, () => void this.reconnect()),
            this.site.clock.every(9_800, () => void this.probe(lostAt)),
        );
    }

    private async reconnect(): Promise<void> {
        if (this.ended || this.client) return;
        if (await this.connect()) {
            return this.online();
        }
        if (this.ended) return;
        if (await this.site.ssh.reachable(this.hostname, this.port)) this.fail("Libvirt connection is not alive");
    }

    private async checkLibvirt(): Promise<void> {
        const client = this.client;
        if (this.ended || !client) return;
        const answers = await this.site.ssh.libvirtAnswers(client);
        if (!answers && this.client === client) this.fail("Libvirt connection is not alive");
    }

    /** The series of probes that began with one loss of the connection. */
    private async probe(loss: number): Promise<void> {
        if (this.ended || this.client || loss !== this.losses) return;
        if (await this.site.ssh.reachable(this.hostname, this.port)) return this.reconnect();
        this.failedProbes += 1;
        if (this.failedProbes >= 6) this.fail("Hypervisor not reachable");
    }

    private fail(detail: string): void {
        if (this.ended) return;
        this.stop();
        this.site.journal.error(`hyp_worker ${this.id}: hypervisor ${this.hostname}: ${detail}`);
        writeStatus(this.site.table, this.site.clock, this.id, "Error", detail);
    }

    private row(): Row | undefined {
        return this.site.table.get(this.id);
    }

    private write(change: Row): void {
        if (!this.ended) this.site.table.update(this.id, change);
    }
}
