import { strict as assert } from "node:assert";
import { setImmediate } from "node:timers/promises";
import { bounded } from "../../examples/fleet/bounded";
import { changesOf, failureOf, summary } from "../../examples/fleet/summary";

describe("the fleet's own parts", () => {
    it("run so many at once and no more, and keep the order", async () => {
        let [now, most] = [0, 0];
        const results = await bounded([5, 1, 4, 2, 3, 0], 3, async (turns) => {
            most = Math.max(most, ++now);
            for (let turn = 0; turn < turns; turn++) await setImmediate();
            now--;
            return turns * 10;
        });
        assert.equal(most, 3);
        assert.deepEqual(results, [50, 10, 40, 20, 30, 0]);
        assert.deepEqual(await bounded([], 3, () => Promise.resolve(1)), []);
    });

    it("tell the provider's own line of a failure, and the sites that failed last", () => {
        const error = new Error('code: 255\n stdout: x\n  error: Unable to bring Online hypervisor "h1": no.\nmore');
        assert.equal(failureOf(error), 'Unable to bring Online hypervisor "h1": no.');
        assert.equal(
            failureOf(new Error("code: -2\n stderr: error: no stack named 'x' found")),
            "no stack named 'x' found",
        );
        assert.equal(changesOf({ same: 4, create: 2, update: 0 }), "2 create");
        assert.equal(
            summary([
                { site: "bcn", seconds: 1, changes: "", failure: "no" },
                { site: "madrid", seconds: 12.34, changes: "2 create" },
            ]),
            "madrid    12.3 s  ok      2 create\nbcn        1.0 s  FAILED  no\n1 of 2 sites are as the program says",
        );
    });
});
