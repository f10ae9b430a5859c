import { strict as assert } from "node:assert";
import { definition } from "../../../provider/hypervisor/schema";
import { type LoggedRequest, type Sandbox, startSandbox } from "../../../sandbox";
import { configOf, failed, inputs, until, writes, writing } from "../harness/hypervisor";
import { warmProvider, type WarmProvider } from "../harness/warm";
import type { Values } from "../harness/rpc";
import { type Call, calls, type Change, comparedOnly, table } from "./table";

it("the table of property changes has every property of Hypervisor", () => {
    const covered = new Set([...table.map(({ property }) => property), ...comparedOnly]);
    assert.deepEqual(Object.keys(definition.properties).sort(), [...covered].sort());
});

const title = ({ property, to, kind, sends = [] }: Change): string =>
    `${property} ${to === undefined ? "taken out" : `→ ${JSON.stringify(to)}`} is ${kind}: ${sends.join(", ") || "sends nothing"}`;

for (const generation of ["v4", "v3"] as const) {
    describe(`a change of a Hypervisor's property on ${generation}`, () => {
        let sandbox: Sandbox;
        let provider: WarmProvider;
        before(async () => {
            sandbox = await startSandbox({ generation, timeScale: 100 });
            const { apiUrl, apiSecret } = sandbox;
            const sites = JSON.stringify({ again: { apiUrl, apiSecret } });
            provider = await warmProvider({ ...configOf(sandbox), "isardvdi:sites": sites });
        });
        after(async () => {
            await provider.stop();
            await sandbox.stop();
        });
        afterEach(async () => {
            sandbox.hypervisors.delete("h1");
            await until(() => sandbox.hypervisors.get("h1") === undefined);
        });

        for (const change of table.filter(({ only }) => (only ?? generation) === generation)) {
            const { property, kind, given = {}, drift, to, sends = [], row = {} } = change;
            it(title(change), async () => {
                const program = without(undefined, inputs("h1", given));
                let { state } = await provider.create(program);
                if (drift) {
                    sandbox.hypervisors.set("h1", drift);
                    ({ state } = await provider.read("h1", state));
                } else {
                    assert.equal((await provider.diff("h1", state, program)).changes, false);
                }
                const next = without(undefined, { ...program, [property]: to });
                assert.deepEqual((await provider.check(program, next)).failures, []);
                const diff = await provider.diff("h1", state, next);
                assert.deepEqual(diff, {
                    changes: true,
                    replaces: kind === "replace" ? [property] : [],
                    deleteBeforeReplace: kind === "replace",
                });
                if (kind === "replace") return;

                sandbox.clearRequests();
                state = await provider.update("h1", state, next);
                assert.deepEqual(
                    writes(sandbox),
                    sends.map((call) => calls[call][generation]),
                );
                if (kind === "state-only") assert.deepEqual(sandbox.requests, []);
                if (kind === "state-only") assert.deepEqual(state[property], to);
                assertSent(writing(sandbox), sends, row);
                assertHolds(sandbox.hypervisors.get("h1"), row);
                assert.equal((await provider.diff("h1", state, next)).changes, false, "the state satisfies it");
            });
        }

        it("makes known the VLANs, or says that the release has none", async () => {
            const program = inputs("h1", { vlans: [20, 21] });
            if (generation === "v4") {
                const { state } = await provider.create(program);
                assert.deepEqual(state["vlans"], [20, 21]);
                const ids = sandbox.interfaces().map(({ id }) => id);
                assert.ok(ids.includes("v20") && ids.includes("v21"), String(ids));
            } else {
                const { message, initError } = await failed(provider.create(program));
                assert.match(message, /VLANs.* v3 .*Leave vlans out, or upgrade/);
                assert.equal(initError, undefined);
                assert.equal(sandbox.hypervisors.get("h1"), undefined);
            }
        });

        it("compares vpnTunnelingMode with the site's, and sends nothing", async () => {
            const program = inputs("h1");
            const { state } = await provider.create(program);
            const same = { ...program, vpnTunnelingMode: "wireguard+geneve" };
            assert.equal((await provider.diff("h1", state, same)).changes, false);
            const other = { ...program, vpnTunnelingMode: "geneve" };
            assert.deepEqual(await provider.diff("h1", state, other), {
                changes: true,
                replaces: [],
                deleteBeforeReplace: false,
            });
            sandbox.clearRequests();
            const { message } = await failed(provider.update("h1", state, other));
            assert.match(message, /vpnTunnelingMode is "geneve", but the site tunnels with "wireguard\+geneve"/);
            assert.deepEqual(writes(sandbox), []);
        });
    });
}

const without = (unwanted: unknown, values: Values): Values =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== unwanted));

/** Table updates carry just what changed; a registration carries it among all the rest. */
function assertSent(requests: LoggedRequest[], sends: Call[], row: Values): void {
    const bodies = requests.map(({ body }) => body as Values);
    const of = (call: Call): Values[] => bodies.filter((_body, index) => sends[index] === call);
    const patches = of("patch");
    for (const { id } of patches) assert.equal(id, "h1");
    const { id: _id, ...patched } = Object.assign({}, ...patches) as Values;
    const { pulumi_owner: _mark, ...changed } = patched;
    if (patches.length > 0) assert.deepEqual(changed, row);
    for (const registration of of("register")) assertHolds(registration, { hyper_id: "h1", ...row });
    for (const { enabled } of of("enable")) assert.equal(String(enabled), "true");
    for (const { enabled } of of("disable")) assert.equal(enabled, false);
    for (const { vlans } of of("vlans")) assert.deepEqual(vlans, ["10", "11"]);
}

function assertHolds(actual: Values | undefined, wanted: Values): void {
    for (const [key, value] of Object.entries(wanted)) {
        const isPart = typeof value === "object" && value !== null && !Array.isArray(value);
        if (isPart) assertHolds(actual?.[key] as Values | undefined, value as Values);
        else assert.deepEqual(actual?.[key], value, key);
    }
}
