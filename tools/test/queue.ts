import type { Job } from "./jobs";
import type { Need } from "./suites";

/** Runs jobs on so many lanes, each taking the first whose needs are there; what misses one for good is left out. */
export async function runQueue(
    jobs: readonly Job[],
    lanes: number,
    run: (job: Job) => Promise<{ isGood: boolean }>,
    leftOut: (job: Job, need: Need) => void,
): Promise<void> {
    const waiting = [...jobs];
    const expected = new Map<Need, number>();
    for (const { suite } of jobs) if (suite.gives) expected.set(suite.gives, (expected.get(suite.gives) ?? 0) + 1);
    const missing = new Set<Need>();
    const isMissing = (need: Need): boolean => missing.has(need);
    let wake: () => void = () => undefined;
    let changed = new Promise<void>((resolve) => (wake = resolve));

    const next = (): Job | undefined => {
        const index = waiting.findIndex(({ suite }) => !suite.needs?.some((need) => expected.has(need)));
        return index < 0 ? undefined : waiting.splice(index, 1)[0];
    };
    const lane = async (): Promise<void> => {
        while (waiting.length > 0) {
            const job = next();
            if (!job) {
                await changed;
                continue;
            }
            const need = job.suite.needs?.find(isMissing);
            if (need) leftOut(job, need);
            const isGood = need === undefined && (await run(job)).isGood;
            const { gives } = job.suite;
            if (!gives) continue;
            expected.delete(gives);
            if (!isGood) missing.add(gives);
            wake();
            changed = new Promise<void>((resolve) => (wake = resolve));
        }
    };
    await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, lane));
}
