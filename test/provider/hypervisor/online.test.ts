import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IsardvdiError } from "../../../provider/errors";
import { awaitOnline } from "../../../provider/hypervisor/online";
import type { HypervisorRecord, IsardApi } from "../../../provider/isardvdi/api";
import { fakeClock } from "../../world/fake-clock";
import { testWorld } from "../../world/world";
import { record } from "./record";

/** A recorded sequence: from the second given on, the record is this (null: there is none; "503": the API is away). */
interface Sequence {
    about: string;
    bounced?: { statusTime: number | null };
    mayVanish?: boolean;
    rows: [second: number, row: Partial<HypervisorRecord> | null | "503"][];
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
    for (const file of readdirSync(folder)) {
        const sequence = JSON.parse(readFileSync(join(folder, file), "utf8")) as Sequence;
        it(`${file}: ${sequence.about}`, () => replay(sequence));
    }

    it("names cancellation, and that the next run goes on", async () => {
        const world = testWorld();
        const api = { find: async () => (world.abort(), record({ status: "Offline" })) } as unknown as IsardApi;
        await assert.rejects(
            awaitOnline({ api, hyperId: "h1", timeoutSeconds: 60, mayVanish: false, seen: () => undefined }, world),
            { code: "cancelled" },
        );
    });
});

async function replay({ rows, bounced, mayVanish, expect }: Sequence): Promise<void> {
    const clock = fakeClock(0);
    const world = testWorld(clock);
    const find = async (): Promise<HypervisorRecord | undefined> => {
        const now = rows.filter(([second]) => second * 1000 <= clock.now()).at(-1)?.[1];
        if (now === "503") throw away;
        return now ? record(now) : undefined;
    };
    const before = bounced && { statusTime: bounced.statusTime ?? undefined };
    const waiting = awaitOnline(
        {
            api: { find } as unknown as IsardApi,
            hyperId: "h1",
            timeoutSeconds: 120,
            before,
            mayVanish: mayVanish ?? false,
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
        assert.equal(error.code, expect.code);
        assert.match(error.message, new RegExp(expect.message ?? "."));
    } else {
        assert.equal((await waiting).status, "Online");
        const seconds = clock.now() / 1000;
        assert.ok(seconds >= expect.onlineAfter && seconds <= expect.onlineAfter + 2.1, `Online after ${seconds} s`);
    }
    const said = [0, ...world.lines.map(({ at }) => at), clock.now()];
    assert.ok(Math.max(...said.slice(1).map((at, i) => at - (said[i] ?? 0))) <= 10_000, "silent for more than 10 s");
}
