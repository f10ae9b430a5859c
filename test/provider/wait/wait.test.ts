import { strict as assert } from "node:assert";
import { poll } from "../../../provider/wait/poll";
import { waitFor, WaitTimeout, type Verdict } from "../../../provider/wait/wait";
import { testWorld } from "../../world/world";

const until =
    (wanted: number) =>
    (seen: number): Verdict => ({ state: seen >= wanted ? "met" : "pending" });
const counter = (): (() => Promise<number>) => {
    let count = 0;
    return async () => count++;
};

describe("wait", () => {
    it("ends with the value that met the condition, after as many looks as it took", async () => {
        const world = testWorld();
        let looks = 0;
        const look = async () => looks++;
        const seen = await waitFor(
            {
                watch: (signal) => poll(look, world.clock, signal),
                look,
                condition: until(3),
                observers: [],
                heartbeat: () => "",
                timeoutMs: 60_000,
            },
            world,
        );
        assert.equal(seen, 3);
        assert.equal(looks, 4);
    });

    it("is never silent for more than ten seconds", async () => {
        const world = testWorld();
        const look = async () => 0;
        const started = world.clock.now();
        await assert.rejects(
            waitFor(
                {
                    watch: (signal) => poll(look, world.clock, signal),
                    look,
                    condition: until(1),
                    observers: [],
                    heartbeat: (_last, ms) => `waited ${ms}`,
                    timeoutMs: 100_000,
                },
                world,
            ),
            WaitTimeout,
        );
        const said = [
            started,
            ...world.lines.filter(({ level }) => level === "status").map(({ at }) => at),
            world.clock.now(),
        ];
        const gaps = said.slice(1).map((at, i) => at - (said[i] ?? 0));
        assert.ok(said.length > 10, `said ${said.length} lines`);
        assert.ok(Math.max(...gaps) <= 10_000, `silent for ${Math.max(...gaps)} ms`);
    });

    it("looks once more after the time is up, so that a change the stream missed still counts", async () => {
        const world = testWorld();
        const stuck = async function* (): AsyncGenerator<number> {
            yield 0;
            await new Promise(() => undefined);
        };
        const seen = await waitFor(
            {
                watch: stuck,
                look: async () => 7,
                condition: until(7),
                observers: [],
                heartbeat: () => "x",
                timeoutMs: 5000,
            },
            world,
        );
        assert.equal(seen, 7);
    });

    it("looks once more when the stream ends early", async () => {
        const world = testWorld();
        const short = async function* (): AsyncGenerator<number> {
            yield 0;
        };
        assert.equal(
            await waitFor(
                {
                    watch: short,
                    look: async () => 1,
                    condition: until(1),
                    observers: [],
                    heartbeat: () => "",
                    timeoutMs: 5000,
                },
                world,
            ),
            1,
        );
    });

    it("carries the last value in its timeout", async () => {
        const world = testWorld();
        const look = counter();
        const waiting = waitFor(
            {
                watch: (signal) => poll(look, world.clock, signal),
                look,
                condition: until(1e9),
                observers: [],
                heartbeat: () => "",
                timeoutMs: 3000,
            },
            world,
        );
        await assert.rejects(
            waiting,
            (error: WaitTimeout<number>) =>
                error instanceof WaitTimeout && (error.last ?? 0) > 3 && error.elapsedMs >= 3000,
        );
    });

    it("ends at once with the failure that the condition names", async () => {
        const world = testWorld();
        const failure = new Error("final");
        const look = counter();
        const waiting = waitFor(
            {
                watch: (signal) => poll(look, world.clock, signal),
                look,
                condition: (seen) => (seen < 2 ? { state: "pending" } : { state: "failed", error: failure }),
                observers: [],
                heartbeat: () => "",
                timeoutMs: 60_000,
            },
            world,
        );
        await assert.rejects(waiting, failure);
    });

    it("ends when the run is cancelled, even while the stream is stuck", async () => {
        const world = testWorld();
        const stuck = async function* (): AsyncGenerator<number> {
            world.abort();
            await new Promise(() => undefined);
            yield 0;
        };
        const waiting = waitFor(
            {
                watch: stuck,
                look: async () => 1,
                condition: until(1),
                observers: [],
                heartbeat: () => "",
                timeoutMs: 60_000,
            },
            world,
        );
        await assert.rejects(waiting, /cancelled/);
    });

    it("says what the observers say, and lets none of them decide", async () => {
        const world = testWorld();
        const look = counter();
        await waitFor(
            {
                watch: (signal) => poll(look, world.clock, signal),
                look,
                condition: until(2),
                observers: [(seen) => (seen === 1 ? "one" : undefined)],
                heartbeat: () => "",
                timeoutMs: 60_000,
            },
            world,
        );
        assert.deepEqual(
            world.lines.map(({ message }) => message),
            ["one"],
        );
    });
});
