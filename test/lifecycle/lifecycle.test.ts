import { needsLab } from "../lab/skip";
import { casesOf, run } from "./cases";

// the same stories each time, so that a change is blamed for what it breaks; "make stress" tells new ones
const cases = casesOf({ seed: 40, steps: 200, cliSteps: 15 });

describe("a site under stress: random changes, random troubles, the same laws after every step", function () {
    this.timeout(1_800_000);
    const runs = new Map<string, Promise<unknown>>();
    before(needsLab);
    // all at once, for most of a story is waiting
    before(() => {
        for (const each of cases) {
            const told = (line: string): void => void (each.over === "cli" && console.log(`      ${line}`));
            runs.set(
                each.name,
                run(each, told).catch((error: unknown) => error),
            );
        }
    });

    for (const { name, over, story } of cases)
        it(`${name}: ${story.steps.length} steps ${over === "cli" ? "with the real CLI" : "over gRPC"}, on ${story.generation}`, async () => {
            const failure = await runs.get(name);
            if (failure !== undefined) throw failure as Error;
        });
});
