import { strict as assert } from "node:assert";
import { render } from "../../provider/diagnosis";
import { steps } from "../../provider/diagnosis/steps";
import { needsLab } from "../lab/skip";
import type { Fault } from "./fault";
import { FaultySite } from "./site";
import { combined, faults } from "./table";

describe("the diagnosis of a hypervisor, on a site of each generation", function () {
    this.timeout(120_000);
    let sites: FaultySite[] = [];
    before(needsLab);
    before(async () => {
        sites = await Promise.all((["v4", "v3"] as const).map((generation) => FaultySite.start(generation)));
    });
    after(async () => {
        await Promise.all(sites.map((site) => site.stop()));
    });

    const where = ({ only }: Fault): string => (only ? ` (${only})` : "");
    const named = async (fault: Fault): Promise<void> => {
        const concerned = sites.filter(({ sandbox }) => fault.only === undefined || fault.only === sandbox.generation);
        // both to their end, so that the next fault finds neither in the middle
        const results = await Promise.allSettled(concerned.map((site) => assertNamed(site, fault)));
        for (const result of results) if (result.status === "rejected") throw result.reason;
    };

    it("names nothing for one that is Online", () => Promise.all(sites.map(assertHealthy)));
    for (const fault of faults) it(`names ${fault.names} for ${fault.what}${where(fault)}`, () => named(fault));
    for (const fault of combined) it(`names ${fault.names} first for ${fault.what}`, () => named(fault));
    it("names nothing once all is undone", () => Promise.all(sites.map(assertHealthy)));
});

describe("the table of faults", () => {
    for (const { id } of steps)
        it(`has two of them for the step ${id}`, () => {
            const named = faults.filter(({ names }) => names.startsWith(`${id}/`));
            assert.ok(named.length >= 2, `${named.length} faults`);
        });
});

async function assertNamed(site: FaultySite, { names, make, settings, hyperId }: Fault): Promise<void> {
    const undo = await make(site);
    try {
        const found = await site.diagnose(settings?.(site), hyperId);
        const { step, cause } = found.finding ?? { step: "none", cause: "none" };
        assert.equal(`${step}/${cause}`, names, `on the ${site.sandbox.generation} site:\n${render(found)}`);
    } finally {
        await undo();
        await site.settled();
    }
}

async function assertHealthy(site: FaultySite): Promise<void> {
    const found = await site.diagnose();
    assert.equal(found.isHealthy, true, render(found));
    // what could not be looked at is no health; the older generation verifies no certificate
    const unseen = found.steps.filter(({ state }) => state !== "ok").map(({ step }) => step);
    assert.deepEqual(unseen, site.sandbox.generation === "v3" ? ["certificates"] : [], render(found));
}
