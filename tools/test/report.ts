import type { Job } from "./jobs";
import type { Result } from "./run-job";

/** One line of a suite's or a job's results. */
export function line(name: string, results: readonly Result[]): string {
    const sum = (value: (result: Result) => number): number =>
        results.reduce((total, result) => total + value(result), 0);
    const skipped = sum((result) => result.skipped);
    const counts = `passed ${sum((result) => result.passed)}, failed ${sum((result) => result.failed)}`;
    const seconds = sum((result) => result.seconds).toFixed(1);
    const processor = sum((result) => result.processorSeconds ?? 0).toFixed(1);
    const troubles = results.flatMap(({ trouble }) => trouble ?? []).map((trouble) => `: ${trouble}`);
    const which = skipped > 0 ? `, skipped ${skipped}` : "";
    return `${name.padEnd(15)} ${counts}${which}, ${seconds} s, processor ${processor} s${troubles.join("")}`;
}

/** Each suite's sums, what was skipped and what failed; the last line is the sum over all. */
export function summary(
    results: readonly Result[],
    leftOut: readonly string[],
    { seconds, busy }: { seconds: number; busy: number },
): string[] {
    const names = [...new Set(results.map(({ job }) => job.suite.name))];
    const all = (value: (result: Result) => number): number => results.reduce((sum, each) => sum + value(each), 0);
    const skipped = all((result) => result.skipped);
    const processor = all((result) => result.processorSeconds ?? 0);
    return [
        "",
        "== summary",
        ...names.map((name) =>
            line(
                name,
                results.filter(({ job }) => job.suite.name === name),
            ),
        ),
        `in all ${seconds.toFixed(0)} s, processor ${processor.toFixed(0)} s; of the whole machine ${busy.toFixed(0)} s`,
        ...titles(results, "SKIPPED", ({ skippedTitles }) => skippedTitles),
        ...leftOut.map((each) => `LEFT OUT: ${each}`),
        // last, for whoever sees only the end of the output
        ...titles(
            results.flatMap(({ first }) => first ?? []),
            "FLAKY, passed when run again alone,",
            reasons,
        ),
        ...titles(results, "FAILED", reasons),
        `${all((result) => result.passed)} passed, ${all((result) => result.failed)} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
    ];
}

const reasons = ({ failedTitles, trouble }: Result): string[] => [...failedTitles, ...(trouble ? [trouble] : [])];

function titles(results: readonly Result[], what: string, of: (result: Result) => string[]): string[] {
    return results.flatMap((result) => of(result).map((title) => `${what} in ${place(result.job)}: ${title}`));
}

const place = ({ suite, name }: Job): string => (name.startsWith(suite.name) ? name : `${suite.name}, ${name}`);
