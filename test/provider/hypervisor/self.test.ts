import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IsardvdiError } from "../../../provider/errors";
import { ensure, type Progress } from "../../../provider/hypervisor/ensure";
import type { Inputs } from "../../../provider/hypervisor/schema";
import type { HypervisorChange, HypervisorRecord, IsardApi } from "../../../provider/isardvdi/api";
import { Feed } from "../../../provider/isardvdi/watch/feed";
import type { Change, Database } from "../../../provider/isardvdi/watch/database";
import { fakeClock } from "../../world/fake-clock";
import { testWorld } from "../../world/world";
import { record } from "./record";

type Row = Omit<Partial<HypervisorRecord>, "statusTime"> & {
    boot?: number;
    error?: string;
    statusTime?: number | null;
};

/** What a container makes of its record, second by second; our own writes stand until it makes another one. */
interface Sequence {
    about: string;
    inputs: Partial<Inputs>;
    rows: [second: number, row: Row | null][];
    expect: {
        onlineAfter?: number;
        endsAs?: string;
        code?: string;
        message?: string;
        writes: [second: number, what: string][];
        says?: string[];
    };
}

const labels = ["", "API registration", "VPN setup", "OVS setup", "Libvirt startup"];

function recordOf({ boot, error, statusTime, ...row }: Row): HypervisorRecord {
    const bootProgress =
        boot === undefined
            ? undefined
            : { step: boot, total: 9, label: labels[boot] ?? "…", error, timestamp: undefined };
    return record({ ...row, bootProgress, ...(statusTime !== undefined && { statusTime: statusTime ?? undefined }) });
}

/** A site whose hypervisor's record a container writes. */
class Site {
    readonly writes: [second: number, what: string][] = [];
    private ours: Partial<HypervisorRecord> = {};
    private written: { at: number; enabled: boolean } | undefined;
    private readonly listeners = new Set<() => void>();
    readonly api = {
        generation: "v4",
        find: async () => this.now(),
        list: async () => [this.now()].filter((each) => each !== undefined),
        change: async (_id: string, change: HypervisorChange) =>
            this.write("change", change as Partial<HypervisorRecord>),
        setEnabled: async (_id: string, enabled: boolean) => {
            this.written = { at: this.clock.now(), enabled };
            this.write(enabled ? "enable" : "disable", {});
        },
        register: () => assert.fail("a registration of ours"),
    } as unknown as IsardApi;

    constructor(
        private readonly rows: Sequence["rows"],
        private readonly clock: ReturnType<typeof fakeClock>,
    ) {}

    now(): HypervisorRecord | undefined {
        const index = this.rows.findLastIndex(([second]) => second * 1000 <= this.clock.now());
        const [second, row] = this.rows[index] ?? [0, null];
        // what was written into a record goes with it
        if (!row) this.ours = {};
        if (!row) return undefined;
        const made = recordOf(row);
        const isOver = this.written === undefined || (row.enabled !== undefined && this.written.at < second * 1000);
        return { ...made, ...this.ours, enabled: isOver ? made.enabled : (this.written?.enabled ?? made.enabled) };
    }

    database(): Database {
        const closed = new AbortController();
        const { clock, rows } = this;
        const event = () => ({ kind: "row", hyperId: "h1", record: this.now() }) as const;
        return {
            changes: async function* (this: Site): AsyncGenerator<Change> {
                if (this.now()) yield event();
                yield { kind: "ready" };
                const times = rows.map(([second]) => second * 1000).filter((at) => at > clock.now());
                for (const at of [...times, Infinity]) {
                    while (clock.now() < at) {
                        const told = new AbortController();
                        const tell = (): void => told.abort();
                        this.listeners.add(tell);
                        const either = AbortSignal.any([closed.signal, told.signal]);
                        await clock.sleep(Math.min(at - clock.now(), 3_600_000), either).catch(() => undefined);
                        this.listeners.delete(tell);
                        if (closed.signal.aborted) throw new Error("closed");
                        yield event();
                    }
                }
            }.bind(this),
            read: async () => {
                const present = this.now();
                return new Map(present ? [["h1", present]] : []);
            },
            close: () => closed.abort(new Error("closed")),
        };
    }

    private write(what: string, change: Partial<HypervisorRecord>): void {
        this.writes.push([Math.floor(this.clock.now() / 1000), what]);
        this.ours = { ...this.ours, ...change };
        for (const tell of this.listeners) tell();
    }
}

const folder = join(__dirname, "sequences", "self");

describe("a hypervisor that registers itself", () => {
    for (const source of ["api", "changefeed"] as const) {
        describe(`by ${source}`, () => {
            for (const file of readdirSync(folder)) {
                const sequence = JSON.parse(readFileSync(join(folder, file), "utf8")) as Sequence;
                it(`${file}: ${sequence.about}`, () => replay(sequence, source));
            }
        });
    }
});

async function replay({ inputs, rows, expect }: Sequence, source: "api" | "changefeed"): Promise<void> {
    const clock = fakeClock(0);
    const world = testWorld(clock);
    const site = new Site(rows, clock);
    const feed = new Feed({ clock, signal: world.signal, connect: async () => site.database() });
    const progress: Progress = { record: undefined, vlans: undefined, undone: "online" };
    const goal = {
        api: site.api,
        feed: source === "changefeed" ? feed : undefined,
        inputs: {
            hyperId: "h1",
            hostname: "h1.example.org",
            registration: "self",
            awaitOnline: { timeoutSeconds: 120, source },
            ...inputs,
        } as Inputs,
        state: undefined,
        progress,
        host: undefined,
        notice: () => undefined,
    };
    const error = await ensure(goal, world).then(
        () => undefined,
        (each: unknown) => each,
    );
    if (expect.code === undefined) {
        assert.equal(error, undefined);
        assert.equal(progress.record?.status, expect.endsAs ?? "Online");
    } else {
        assert.ok(error instanceof IsardvdiError, String(error));
        assert.equal(error.code, expect.code, error.message);
        assert.match(error.message, new RegExp(expect.message ?? "."));
    }
    const late = source === "api" ? 2.1 : 0.1;
    if (expect.onlineAfter !== undefined) {
        const seconds = clock.now() / 1000;
        assert.ok(seconds >= expect.onlineAfter && seconds <= expect.onlineAfter + late, `Online after ${seconds} s`);
    }
    assert.deepEqual(
        site.writes.map(([, what]) => what),
        expect.writes.map(([, what]) => what),
    );
    for (const [index, [at]] of expect.writes.entries()) {
        const [second] = site.writes[index] ?? [Infinity];
        assert.ok(second >= at && second <= at + late, `written at ${second} s, not ${at} s`);
    }
    for (const line of expect.says ?? [])
        assert.ok(
            world.lines.some(({ message }) => message.includes(line)),
            `never said: ${line}`,
        );
    const said = [0, ...world.lines.map(({ at }) => at), clock.now()];
    assert.ok(Math.max(...said.slice(1).map((at, i) => at - (said[i] ?? 0))) <= 10_000, "silent for more than 10 s");
}
