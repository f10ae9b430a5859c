import { strict as assert } from "node:assert";
import { diagnose, type Diagnosis, render } from "../../../provider/diagnosis";
import { steps } from "../../../provider/diagnosis/steps";
import type { IsardApi } from "../../../provider/isardvdi/api";
import { systemClock } from "../../../provider/world";
import { testWorld } from "../../world/world";
import { record } from "../hypervisor/record";
import { type Fault, faults } from "./faults";
import { PlayedMachine } from "./machines";
import { healthy, hostCommands, serverCommands, type Site } from "./world";

function broken({ make }: Fault, generation: Site["generation"]): Site {
    const site = { ...healthy(), generation };
    const { record: change, ...rest } = make(site);
    const isGone = "record" in make(site) && change === undefined;
    return { ...site, ...rest, record: isGone || !site.record ? undefined : { ...site.record, ...change } };
}

async function examine(site: Site, without?: Fault["without"]): Promise<Diagnosis> {
    const [server, host] = [new PlayedMachine(serverCommands(site)), new PlayedMachine(hostCommands(site))];
    const why = { why: "not configured" };
    const api = {
        generation: site.generation,
        find: async () => site.record,
        list: async () => site.others.map((hyperId) => record({ hyperId })),
    } as unknown as IsardApi;
    try {
        return await diagnose(
            {
                subject: { hyperId: site.hyperId, hostname: site.hostname },
                api: async () => api,
                server: without === "server" || without === "both" ? why : { remote: server },
                host: without === "host" || without === "both" ? why : { remote: host },
            },
            testWorld(systemClock),
        );
    } finally {
        assert.ok(server.scripts.length <= 1 && host.scripts.length <= 1, "one round trip for each machine");
    }
}

describe("diagnosis", () => {
    for (const generation of ["v3", "v4"] as const) {
        it(`finds nothing wrong with a healthy hypervisor (${generation})`, async () => {
            const found = await examine({ ...healthy(), generation });
            assert.equal(found.finding, undefined, JSON.stringify(found.finding));
            const unknown = found.steps.filter(({ state }) => state !== "ok").map(({ step }) => step);
            assert.deepEqual(unknown, generation === "v3" ? ["certificates"] : []);
        });
    }

    it("takes a missing VPN address for no cause: the engine verifies a record without one", async () => {
        const well = healthy();
        const found = await examine(
            { ...well, record: record({ ...well.record, vpn: { ...record().vpn, address: undefined } }) },
            "both",
        );
        assert.equal(found.finding, undefined, JSON.stringify(found.finding));
    });

    it("tells the engine's own error first, and once", async () => {
        const well = healthy();
        const error = { status: "Error" as const, detail: "Cannot connect to libvirt" };
        const site = { ...well, record: record({ ...well.record, ...error }) };
        const lines = render(
            await examine({ ...site, serverContainers: { ...well.serverContainers, "isard-vpn": "Exited (1)" } }),
        );
        assert.equal(lines.split("Cannot connect to libvirt").length, 2, lines);
        const locked = render(await examine({ ...site, authorizedKeys: [] }));
        assert.match(locked, /engine {2}Error, "Cannot connect to libvirt"\ncause {3}authorized_keys lacks/);
    });

    // what only release 17 does
    const onlyV4 = /^(certificates\/|kvm\/unset|vpn\/port-not-4443)/;
    for (const fault of faults) {
        for (const generation of onlyV4.test(fault.expect) ? (["v4"] as const) : (["v3", "v4"] as const)) {
            it(`${fault.name}: ${fault.expect} (${generation})`, async () => {
                const found = await examine(broken(fault, generation), fault.without);
                const { step, cause, isFinal } = found.finding ?? {};
                assert.equal(`${step}/${cause}`, fault.expect, JSON.stringify(found, undefined, 1));
                assert.equal(isFinal, fault.isFinal ?? false);
                const screen = render(found).split("\n");
                assert.ok(screen.length <= 24 && screen.every((line) => line.length <= 100), screen.join("\n"));
                assert.doesNotMatch(JSON.stringify(found), /hunter2secret|eyJ|Q0hSSVNU/);
            });
        }
    }

    it("has at least two faults for every step that machines and records decide", () => {
        for (const { id } of steps.filter(({ id }) => id !== "api")) {
            const named = new Set(faults.map(({ expect }) => expect).filter((expect) => expect.startsWith(`${id}/`)));
            assert.ok(named.size >= 2, `${id}: ${[...named].join(", ")}`);
        }
    });

    it("says what was not looked at, and why", async () => {
        const found = await examine(healthy(), "both");
        assert.ok(found.steps.some(({ state, why }) => state === "unknown" && why === "not configured"));
        assert.match(render(found), /not looked at: not configured/);
    });
});
