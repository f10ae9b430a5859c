import { needsLab } from "../lab/skip";
import { type Case, run } from "./cases";

/** The stories as tests; all at once, for most of a story is waiting. */
export function tell(cases: Case[]): void {
    describe("a site under stress: random changes, random troubles, the same laws after every step", function () {
        this.timeout(1_800_000);
        const runs = new Map<string, Promise<unknown>>();
        before(needsLab);
        before(() => {
            for (const each of cases) {
                const say = (line: string): void => void (each.over === "cli" && console.log(`      ${line}`));
                runs.set(
                    each.name,
                    run(each, say).catch((error: unknown) => error),
                );
            }
        });

        for (const { name, over, story } of cases)
            it(`${name}: ${story.steps.length} steps ${over === "cli" ? "with the real CLI" : "over gRPC"}, on ${story.generation}`, async () => {
                const failure = await runs.get(name);
                if (failure !== undefined) throw failure as Error;
            });
    });
}
