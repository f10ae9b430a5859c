import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IsardvdiError } from "../../../provider/errors";
import { awaitOnline } from "../../../provider/hypervisor/online";
import type { HypervisorRecord, IsardApi } from "../../../provider/isardvdi/api";
import type { Database } from "../../../provider/isardvdi/watch/database";
import { Feed } from "../../../provider/isardvdi/watch/feed";
import { fakeClock } from "../../world/fake-clock";
import { testWorld } from "../../world/world";
import { newProgress, record } from "./record";

/** A recorded sequence: from the second given on, the record is this (null: there is none; "503": the API is away). */
interface Sequence {
    about: string;
    bounced?: { statusTime: number | null };
    mayVanish?: boolean;
    rows: [second: number, row: Partial<HypervisorRecord> | null | "503"][];
    /** A row that stays Offline and enabled is looked at by another way as well. */
    looks?: number;
    expect: { onlineAfter?: number; code?: string; message?: string };
}

const folder = join(__dirname, "sequences");
const away = new IsardvdiError({
    code: "server-error",
    action: "read",
    resource: "x",
    seen: "503",
    advice: "Wait.",
    retryable: true,
});

describe("awaitOnline", () => {
    for (const source of ["api", "changefeed"] as const) {
        describe(`by ${source}`, () => {
            for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
                const sequence = JSON.parse(readFileSync(join(folder, file), "utf8")) as Sequence;
                it(`${file}: ${sequence.about}`, () => replay(sequence, source));
            }
        });
    }

    it("names cancellation, and that the next run goes on", async () => {
        const world = testWorld();
        const api = { find: async () => (world.abort(), record({ status: "Offline" })) } as unknown as IsardApi;
        await assert.rejects(
            awaitOnline(
                {
                    api,
                    feed: undefined,
                    source: "auto",
                    hyperId: "h1",
                    timeoutSeconds: 60,
                    mayVanish: false,
                    progress: newProgress(),
                    seen: () => undefined,
                },
                world,
            ),
            { code: "cancelled" },
        );
    });
});

async function replay(
    { rows, bounced, mayVanish, looks = 0, expect }: Sequence,
    source: "api" | "changefeed",
): Promise<void> {
    const clock = fakeClock(0);
    const world = testWorld(clock);
    const now = () => rows.filter(([second]) => second * 1000 <= clock.now()).at(-1)?.[1];
    const find = async (): Promise<HypervisorRecord | undefined> => {
        const row = now();
        if (row === "503") throw away;
        return row ? record(row) : undefined;
    };
    let asked = 0;
    const api = { find: () => ((asked += 1), find()) } as unknown as IsardApi;
    const feed = new Feed({ clock, signal: world.signal, connect: async () => recorded(find, rows, clock) });
    const before = bounced && { statusTime: bounced.statusTime ?? undefined };
    const waiting = awaitOnline(
        {
            api,
            feed: source === "changefeed" ? feed : undefined,
            source,
            hyperId: "h1",
            timeoutSeconds: 120,
            before,
            mayVanish: mayVanish ?? false,
            progress: newProgress(),
            seen: () => undefined,
        },
        world,
    );
    if (expect.onlineAfter === undefined) {
        const error = await waiting.then(
            () => assert.fail("must fail"),
            (each: unknown) => each,
        );
        assert.ok(error instanceof IsardvdiError, String(error));
        assert.equal(error.code, expect.code, error.message);
        assert.match(error.message, new RegExp(expect.message ?? "."));
    } else {
        assert.equal((await waiting).status, "Online");
        const seconds = clock.now() / 1000;
        const late = source === "api" ? 2.1 : 0.1;
        const restored = rows.some(([, row]) => row === "503") ? 10 : 0;
        assert.ok(
            seconds >= expect.onlineAfter && seconds <= expect.onlineAfter + late + restored,
            `Online after ${seconds} s`,
        );
    }
    const breaks = rows.some(([, row]) => row === "503");
    const lastLook = expect.code === "timeout" ? 1 : 0;
    if (source === "changefeed" && !breaks)
        assert.equal(asked, lastLook + looks, "the API is not asked while the feed lives");
    const said = [0, ...world.lines.map(({ at }) => at), clock.now()];
    assert.ok(Math.max(...said.slice(1).map((at, i) => at - (said[i] ?? 0))) <= 10_000, "silent for more than 10 s");
}

/** The same sequence as a database tells it; what the API calls 503 is a connection that breaks here. */
function recorded(
    find: () => Promise<HypervisorRecord | undefined>,
    rows: Sequence["rows"],
    clock: ReturnType<typeof fakeClock>,
): Database {
    const closed = new AbortController();
    return {
        async *changes() {
            const present = await find();
            if (present) yield { kind: "row", hyperId: "h1", record: present };
            yield { kind: "ready" };
            for (const [second] of rows.filter(([at]) => at * 1000 > clock.now())) {
                await clock.sleep(second * 1000 - clock.now(), closed.signal);
                yield { kind: "row", hyperId: "h1", record: await find() };
            }
            await new Promise((_, reject) =>
                closed.signal.addEventListener("abort", () => reject(new Error("closed"))),
            );
        },
        async read() {
            const present = await find();
            return new Map(present ? [["h1", present]] : []);
        },
        close: () => closed.abort(new Error("closed")),
    };
}
