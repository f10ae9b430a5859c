import { strict as assert } from "node:assert";
import { IsardvdiError } from "../../../provider/errors";
import { Listing } from "../../../provider/isardvdi/listing";
import { testWorld } from "../../world/world";

function counted(fails?: IsardvdiError) {
    const world = testWorld();
    let now = 0;
    let loads = 0;
    const load = (): Promise<number> => {
        loads += 1;
        return fails ? Promise.reject(fails) : Promise.resolve(loads);
    };
    const listing = new Listing({ ...world.clock, now: () => now }, load);
    return {
        read: () => listing.get(world),
        drop: () => listing.drop(),
        pass: (ms: number) => (now += ms),
        loads: () => loads,
    };
}

const failure = (code: "server-error" | "unreachable") =>
    new IsardvdiError({ code, action: "list", resource: "the hypervisors", seen: "no", advice: "Look." });

describe("listing", () => {
    it("is loaded once for all who read at once", async () => {
        const { read, loads } = counted();
        assert.deepEqual(await Promise.all([read(), read(), read()]), [1, 1, 1]);
        assert.equal(loads(), 1);
    });

    it("serves no read that comes 15 s later", async () => {
        const { read, pass } = counted();
        await read();
        pass(14_999);
        assert.equal(await read(), 1);
        pass(1);
        assert.equal(await read(), 2);
    });

    it("is dropped by a write, even while it is under way", async () => {
        const { read, drop } = counted();
        const early = read();
        drop();
        assert.deepEqual(await Promise.all([early, read()]), [1, 2]);
    });

    it("is not asked for again and again where the server cannot make it", async () => {
        const { read, loads, pass } = counted(failure("server-error"));
        for (let turn = 0; turn < 3; turn += 1) await assert.rejects(read(), { code: "server-error" });
        assert.equal(loads(), 1);
        pass(15_000);
        await assert.rejects(read(), { code: "server-error" });
        assert.equal(loads(), 2);
    });

    it("is asked for again where the server was not there", async () => {
        const { read, loads } = counted(failure("unreachable"));
        for (let turn = 0; turn < 3; turn += 1) await assert.rejects(read(), { code: "unreachable" });
        assert.equal(loads(), 3);
    });
});
