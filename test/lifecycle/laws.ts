import { strict as assert } from "node:assert";
import { until } from "../e2e/harness/site";
import type { Declared } from "./declared";
import type { Deployer } from "./deployer";
import { hosts, type Wish } from "./story";
import type { World } from "./world";

/** What must be so after every step, whatever has happened in it. */
export async function obeyed(world: World, deployer: Deployer, wish: Wish, program: Declared[]): Promise<void> {
    assert.deepEqual(await deployer.settle(program), [], "all can be refreshed, and the next clean up converges");
    await hasHypervisors(world, wish);
    await hasForwards(world, program);
    await hasSettings(world, wish);
    assert.deepEqual(await deployer.differing(program), [], "the up after it is empty");
    const clear = await deployer.clearText();
    for (const secret of world.secrets()) assert.ok(!clear.includes(secret), `a secret in clear, in:\n${clear}`);
}

/** By the site's own table. */
async function hasHypervisors({ sandbox }: World, wish: Wish): Promise<void> {
    const ids = Object.keys(wish.hypervisors).sort();
    const there = sandbox.hypervisors.all().map(({ id }) => String(id));
    assert.deepEqual(there.filter((id) => id !== "theirs").sort(), ids, "the site has these hypervisors and no other");
    for (const id of ids) {
        await until(`${id} is Online`, () => sandbox.hypervisors.get(id)?.["status"] === "Online", 120_000);
        const row = sandbox.hypervisors.get(id) ?? {};
        assert.deepEqual([row["status"], row["enabled"], row["hostname"]], ["Online", true, id], id);
        const asked = wish.hypervisors[id] ?? {};
        if (asked.description !== undefined) assert.equal(row["description"], asked.description, id);
        if (asked.onlyForced !== undefined) assert.equal(row["only_forced"], asked.onlyForced, id);
        if (asked.minFreeMemGb !== undefined) assert.equal(Number(row["min_free_mem_gb"]), asked.minFreeMemGb, id);
    }
}

/** By the hosts' own rules. */
async function hasForwards(world: World, program: Declared[]): Promise<void> {
    const forwards = program.filter(({ type }) => type === "PortForward");
    for (const host of hosts) {
        const wanted = forwards
            .filter(({ args }) => args["connection"] === host)
            .map(({ args }) => String(args["port"]));
        const rules = (await world.rules(host)).filter((line) => line.startsWith("-A ISARDVDI-DNAT "));
        const ports = rules.map((line) => (/--dport (\S+)/.exec(line)?.[1] ?? line).replace(":", "-"));
        assert.deepEqual(ports.sort(), wanted.sort(), `the forwards of ${host}`);
    }
}

/** By the server's own file. */
async function hasSettings(world: World, { video, settings }: Wish): Promise<void> {
    const lines = await world.cfg();
    const value = (key: string): string | undefined =>
        lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
    assert.deepEqual(value("VIDEO_HYPERVISOR_HOSTNAMES")?.split(",").sort(), video && [...video].sort());
    for (const key of ["SESSIONS_EXPIRATION", "REDIS_PASSWORD"]) assert.equal(value(key), settings?.[key], key);
}
