import { strict as assert } from "node:assert";
import { awaitOnline } from "../../../provider/hypervisor/online";
import type { HypervisorRecord, IsardApi } from "../../../provider/isardvdi/api";
import { fakeClock } from "../../world/fake-clock";
import { testWorld } from "../../world/world";
import { newProgress, record } from "./record";

const start = 1_000_000;

/** A site whose engine has missed a change of h1: only a disable that lasts and an enable bring it Online. */
function site(change: { others?: HypervisorRecord[] | "broken"; engine?: boolean | undefined; heals?: boolean } = {}) {
    const world = testWorld(fakeClock(start));
    const seconds = (): number => (world.clock.now() - start) / 1000;
    const writes: string[] = [];
    let row = record({ status: "Offline", statusTime: 5 });
    let disabledAt = 0;
    const state = { ...change };
    const api: Partial<IsardApi> = {
        find: async () => row,
        list: async () => {
            if (state.others === "broken") throw new Error("Failed to list hypervisors");
            return [row, ...(state.others ?? [])];
        },
        engineRuns: async () => ("engine" in state ? state.engine : true),
        setEnabled: async (hyperId, enabled) => {
            writes.push(`${hyperId} ${enabled ? "enabled" : "disabled"} at ${Math.round(seconds())}`);
            if (!enabled) disabledAt = seconds();
            const isHeard = enabled && seconds() - disabledAt > 0.5 && state.heals !== false;
            row = { ...row, enabled, ...(isHeard && { status: "Online" as const, statusTime: 6 }) };
        },
    };
    const progress = newProgress();
    const wait = (timeoutSeconds = 300): Promise<HypervisorRecord> =>
        awaitOnline(
            {
                api: api as unknown as IsardApi,
                feed: undefined,
                source: "api",
                hyperId: "h1",
                timeoutSeconds,
                mayVanish: false,
                progress,
                seen: () => undefined,
            },
            world,
        );
    const said = (pattern: RegExp): string[] =>
        world.lines.map(({ message }) => message).filter((line) => pattern.test(line));
    return {
        world,
        writes,
        state,
        progress,
        wait,
        said,
        seconds,
        change: (more: Partial<HypervisorRecord>) => (row = { ...row, ...more }),
    };
}

const stuck = (hyperId: string): HypervisorRecord => record({ hyperId, status: "Offline" });

describe("a row that stays Offline and enabled", () => {
    it("is disabled and enabled after 30 s, and says so", async () => {
        const { wait, writes, said } = site();
        assert.equal((await wait()).status, "Online");
        assert.deepEqual(writes, ["h1 disabled at 30", "h1 enabled at 31"]);
        assert.equal(said(/h1 stays Offline and enabled: the engine has missed a change/).length, 1);
    });

    it("is so once in a wait, however long that lasts", async () => {
        const { wait, writes } = site({ heals: false });
        await assert.rejects(wait(), { code: "timeout" });
        assert.deepEqual(writes, ["h1 disabled at 30", "h1 enabled at 31"]);
    });

    it("is left so while others are, and not after they have been taken up", async () => {
        const { wait, writes, said, state, world } = site({ others: [stuck("h2")] });
        const later = world.clock.sleep(75_000, world.signal).then(() => (state.others = [record({ hyperId: "h2" })]));
        await wait();
        await later;
        assert.deepEqual(writes, ["h1 disabled at 80", "h1 enabled at 81"]);
        assert.deepEqual(said(/is left so/), ["h1 stays Offline and enabled, and is left so: so do others (h2)"]);
    });

    it("is left so while the engine does not answer or nobody may ask, or the site cannot tell how the others do", async () => {
        for (const [what, reason] of [
            [{ engine: false }, /is left so: the engine does not answer/],
            [{ engine: undefined }, /is left so: the site does not say whether its engine runs/],
            [{ others: "broken" as const }, /is left so: the site cannot list its hypervisors/],
        ] as const) {
            const { wait, writes, said } = site(what);
            await assert.rejects(wait(), { code: "timeout" });
            assert.deepEqual(writes, []);
            assert.equal(said(reason).length, 1);
        }
    });

    it("is left so while its container's boot goes on", async () => {
        const { wait, writes, world, change } = site();
        const boot = (async () => {
            for (let step = 1; step <= 4; step += 1) {
                const bootProgress = { step, total: 9, label: "x", error: undefined, timestamp: undefined };
                change({ bootProgress });
                await world.clock.sleep(25_000, world.signal);
            }
        })();
        await wait();
        await boot;
        assert.deepEqual(
            writes.map((line) => line.replace(/at (\d+)/, (_, at: string) => `after ${Number(at) > 104}`)),
            ["h1 disabled after true", "h1 enabled after true"],
        );
    });

    it("is never left disabled by a run that is cancelled in between", async () => {
        const { wait, writes, world, progress } = site();
        const waiting = wait();
        const cut = world.clock.sleep(30_500, world.signal).then(() => world.abort());
        await assert.rejects(waiting, { code: "cancelled" });
        await cut;
        assert.deepEqual(writes, ["h1 disabled at 30", "h1 enabled at 31"]);
        assert.equal(progress.takenOut, false);
    });
});
