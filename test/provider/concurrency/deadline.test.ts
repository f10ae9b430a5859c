import { strict as assert } from "node:assert";
import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DeadlinePassed, withDeadline } from "../../../provider/concurrency/deadline";
import { systemClock, type Clock } from "../../../provider/world";
import { fakeClock } from "../../world/fake-clock";

/** Work that ends only with its signal. */
const endless = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
    );

/** A clock whose timers are counted while they run, and never go off by themselves. */
function stillClock(): Clock & { running: number } {
    const clock = {
        running: 0,
        now: () => 0,
        sleep(_ms: number, signal: AbortSignal) {
            clock.running += 1;
            return endless(signal).finally(() => (clock.running -= 1));
        },
    };
    return clock;
}

describe("a deadline", () => {
    it("ends the work at the limit, by the clock that it is given", async () => {
        const clock = fakeClock(0);
        await assert.rejects(withDeadline(20_000, { clock }, endless), new DeadlinePassed(20_000));
        assert.equal(clock.now(), 20_000);
    });

    it("is what the work fails with after the limit, whatever the work says of it", async () => {
        const own = new Error("the socket was destroyed");
        const work = (signal: AbortSignal): Promise<never> => endless(signal).catch(() => Promise.reject(own));
        await assert.rejects(withDeadline(1000, { clock: fakeClock() }, work), (error: Error) => {
            assert.ok(error instanceof DeadlinePassed);
            assert.equal(error.message, "no answer in 1 s");
            assert.equal(error.cause, own);
            return true;
        });
    });

    it("leaves a cancellation its own reason, before the work and during it", async () => {
        const reason = new Error("cancelled");
        const run = new AbortController();
        const waiting = withDeadline(1000, { clock: stillClock(), signal: run.signal }, endless);
        run.abort(reason);
        await assert.rejects(waiting, reason);
        const after = withDeadline(1000, { clock: stillClock(), signal: run.signal }, (signal) => {
            signal.throwIfAborted();
            return endless(signal);
        });
        await assert.rejects(after, reason);
    });

    it("hands through what the work makes within it, and leaves neither a timer nor a listener", async () => {
        const clock = stillClock();
        const { signal } = new AbortController();
        const during = (): number[] => [clock.running, getEventListeners(signal, "abort").length];
        assert.deepEqual(await withDeadline(1000, { clock, signal }, () => Promise.resolve(during())), [1, 1]);
        assert.deepEqual(during(), [0, 0]);
        const failure = new Error("its own");
        await assert.rejects(
            withDeadline(1000, { clock, signal }, () => Promise.reject(failure)),
            failure,
        );
        assert.deepEqual(during(), [0, 0]);
    });

    it("is not lost to the garbage collector, whose work an outer signal may cancel as well", async () => {
        setFlagsFromString("--expose-gc");
        const gc = runInNewContext("gc") as () => void;
        let reached = false;
        const run = new AbortController();
        const waiting = withDeadline(300, { clock: systemClock, signal: run.signal }, endless).catch(
            (error: unknown) => {
                reached = error instanceof DeadlinePassed;
            },
        );
        // in turns of their own, for what the present turn refers to is kept until it ends
        for (let turn = 0; turn < 5; turn += 1) {
            await new Promise((resolve) => setImmediate(resolve));
            gc();
        }
        await waiting;
        assert.ok(reached);
    });
});
