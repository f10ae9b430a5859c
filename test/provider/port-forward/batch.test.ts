import { strict as assert } from "node:assert";
import type { Values } from "../../../provider/resource";
import { fakes, ssh, urn, stranger } from "./fakes";
import { tagOf } from "../../../provider/port-forward/inputs";

const many = Array.from({ length: 100 }, (_, index) => ({
    ...ssh(`f${index}`, { port: 3000 + index, verify: "rules" }),
}));

describe("forwards of one host", () => {
    it("that are made at once are one transaction", async () => {
        const { host, context, lifecycle } = fakes("h1");
        const made = await Promise.all(many.map((inputs) => lifecycle.create(inputs, context)));
        assert.equal(new Set(made.map(({ id }) => id)).size, 100);
        assert.equal(host("h1").applied.length, 1);
        assert.equal(host("h1").applied[0]?.length, 100);
        assert.equal(host("h1").inspected, 0, "what a transaction tells is not asked again");
    });

    it("that ask while a transaction is under way are the next one", async () => {
        const { host, context, lifecycle } = fakes("h1");
        const later: Promise<unknown>[] = [];
        host("h1").during = () => {
            if (later.length === 0) later.push(...many.slice(1).map((inputs) => lifecycle.create(inputs, context)));
        };
        await lifecycle.create(many[0] ?? {}, context);
        await Promise.all(later);
        assert.deepEqual(
            host("h1").applied.map(({ length }) => length),
            [1, 99],
        );
    });

    it("are read with one look at the host, until we write", async () => {
        const { host, context, lifecycle } = fakes("h1");
        const made = await Promise.all(many.map((inputs) => lifecycle.create(inputs, context)));
        const read = (): Promise<(Values | undefined)[]> =>
            Promise.all(made.map(({ id, state }) => lifecycle.read(id, state, context)));
        assert.ok((await read()).every((state) => state !== undefined));
        assert.equal(host("h1").inspected, 1);
        await lifecycle.create(ssh("another", { verify: "rules" }), context);
        await read();
        assert.equal(host("h1").inspected, 2);
    });

    it("are looked at again after some seconds", async () => {
        const { host, world, context, lifecycle } = fakes("h1");
        const { id, state } = await lifecycle.create(ssh("f", { verify: "rules" }), context);
        await lifecycle.read(id, state, context);
        await world.clock.sleep(16_000, world.signal);
        await lifecycle.read(id, state, context);
        assert.equal(host("h1").inspected, 2);
    });

    it("fail one by one where one of them conflicts", async () => {
        const { host, context, lifecycle } = fakes("h1");
        const line = "-A PREROUTING -p tcp --dport 3001 -j DNAT --to-destination 10.9.9.9";
        host("h1").foreign = [stranger(line, 3001, "10.9.9.9")];
        const results = await Promise.allSettled(many.map((inputs) => lifecycle.create(inputs, context)));
        const failed = results.filter(({ status }) => status === "rejected");
        assert.equal(failed.length, 1);
        assert.match(String((failed[0] as PromiseRejectedResult).reason), /-A PREROUTING .*10\.9\.9\.9/);
        assert.equal(host("h1").applied.length, 1);
        assert.equal(host("h1").forwards.size, 99);
    });

    it("all fail with one error where the host cannot be reached", async () => {
        const { host, context, lifecycle } = fakes("h1");
        host("h1").reachable = false;
        const results = await Promise.allSettled(many.map((inputs) => lifecycle.create(inputs, context)));
        for (const result of results)
            assert.match(String((result as PromiseRejectedResult).reason), /no route to host/);
        assert.equal(host("h1").applied.length, 1);
    });

    it("keep their order where one is taken out and made again", async () => {
        const { host, context, lifecycle } = fakes("h1");
        const { id, state } = await lifecycle.create(ssh("f", { verify: "rules" }), context);
        await Promise.all([
            lifecycle.delete(id, state, context),
            lifecycle.create(ssh("f", { verify: "rules", port: 2023 }), context),
        ]);
        assert.equal(host("h1").applied.length, 3);
        assert.equal(host("h1").forwards.get(tagOf(urn("f")))?.forward.from, 2023);
    });

    it("of two hosts are two transactions, at the same time", async () => {
        const { host, context, lifecycle } = fakes("h1", "h2");
        const both = many.flatMap((inputs) => [inputs, { ...inputs, connection: "h2" }]);
        await Promise.all(both.map((inputs) => lifecycle.create(inputs, context)));
        assert.equal(host("h1").applied.length, 1);
        assert.equal(host("h2").applied.length, 1);
    });
});
