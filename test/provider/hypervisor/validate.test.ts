import { strict as assert } from "node:assert";
import { readConfiguration } from "../../../provider/configuration";
import { check } from "../../../provider/front/check";
import { hypervisor } from "../../../provider/hypervisor";
import { openRemotes } from "../../../provider/remote";
import type { Context, Values } from "../../../provider/resource";
import { testWorld } from "../../world/world";

const contextOf = (config: Record<string, string>) => {
    const world = testWorld();
    const keys: Record<string, string> = { "isardvdi:apiToken": "t", ...config };
    const closed = () => Promise.reject(new Error("a check needs no site"));
    const context: Context = {
        world,
        configuration: readConfiguration((key) => keys[key], {}),
        sites: { open: closed, feed: closed },
        remotes: openRemotes(),
    };
    return { context, world };
};
const warnings = ({ lines }: ReturnType<typeof testWorld>): string[] =>
    lines.filter(({ level }) => level === "warn").map(({ message }) => message);

describe("the check of hypervisors", () => {
    const inputs = { hyperId: "hyper-01", hostname: "h1.example.org" };
    const plain = { "isardvdi:apiUrl": "http://isard.example.org" };
    const failuresOf = async (config: Record<string, string>, state: Values = {}, news: Values = inputs) =>
        (await check(state, news, hypervisor, contextOf(config).context)).failures;

    it("lets nothing be created or changed over http, and leaves alone what stays as it is", async () => {
        const [failure, ...more] = await failuresOf(plain);
        assert.match(
            failure?.reason ?? "",
            /isardvdi:apiUrl is http:\/\/isard\.example\.org, so that tokens .* unencrypted/,
        );
        assert.deepEqual([more, failure?.reason.includes("\n")], [[], false]);
        const state = { ...inputs, sshPort: 2022 };
        assert.deepEqual(await failuresOf(plain, state), []);
        assert.equal((await failuresOf(plain, state, { ...inputs, sshPort: 22 })).length, 1);
        assert.deepEqual(await failuresOf({ ...plain, "isardvdi:allowHttp": "true" }), []);
        assert.deepEqual(await failuresOf({ "isardvdi:apiUrl": "http://127.0.0.1:9" }), []);
    });

    it("lets nothing be created over http where the site was unknown in preview", async () => {
        const { context } = contextOf(plain);
        await assert.rejects(hypervisor.lifecycle.create(inputs, context), /would cross the network unencrypted/);
    });

    it("tells once that a site is read over http, and goes on", async () => {
        const { context, world } = contextOf(plain);
        for (const work of ["read", "delete"] as const)
            await assert.rejects(hypervisor.lifecycle[work]("hyper-01", inputs, context), /a check needs no site/);
        assert.equal(warnings(world).length, 1);
        assert.match(warnings(world)[0] ?? "", /^isardvdi:apiUrl is http:/);
    });

    it("counts ids that contain one another: 10,000 hypervisors get two lines", async () => {
        const { context, world } = contextOf(plain);
        const validate = (hyperId: string) => hypervisor.lifecycle.validate({ hyperId, hostname: "h1" }, context);
        for (let number = 1; number <= 10_000; number++) validate(`h${number}`);
        await world.clock.sleep(60_000, world.signal);
        const [first, summary, ...more] = warnings(world);
        assert.deepEqual(more, []);
        assert.match(first ?? "", /^hyperId "h10" and "h1" contain one another: the VPN may never make a port/);
        // a number of two digits holds one other, of three two, of four three, and 10000 four
        assert.equal(90 + 2 * 900 + 3 * 9000 + 4, 28_894);
        assert.match(
            summary ?? "",
            /^28893 more pairs of ids contain one another, such as hyperId "h10000" and "h1000": /,
        );
    });
});
