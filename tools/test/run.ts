import { join } from "node:path";
import { type Result, runSuite } from "./run-suite";
import { type Suite, suites } from "./suites";

/** So many suites run at once: much of what they do is waiting for hosts, daemons and clocks. */
const atOnce = 2;

/** Runs the suites, each taking the next lane that is free; the last line is the sum over all of them. */
export async function run(chosen: readonly Suite[], cwd: string, print: (line: string) => void): Promise<number> {
    const results: Result[] = [];
    const lanes = Math.min(atOnce, chosen.length);
    const left = [...chosen];
    const lane = async (): Promise<void> => {
        for (let suite = left.shift(); suite; suite = left.shift()) {
            const { name } = suite;
            print(`== ${name}`);
            const result = await runSuite(suite, cwd, (text) => print(lanes > 1 ? `${name} | ${text}` : text));
            results.push(result);
            print(`== ${line(result)}`);
        }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    results.sort((a, b) => place(a) - place(b));
    print("\n== summary");
    results.forEach((result) => print(line(result)));
    for (const { name, skippedTitles } of results)
        skippedTitles.forEach((title) => print(`SKIPPED in ${name}: ${title}`));
    // last, for whoever sees only the end of the output
    for (const { name, failedTitles } of results) failedTitles.forEach((title) => print(`FAILED in ${name}: ${title}`));
    const sum = (key: "passed" | "failed" | "skipped"): number =>
        results.reduce((total, result) => total + result[key], 0);
    const skipped = sum("skipped");
    print(`${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    return sum("failed") > 0 ? 1 : 0;
}

const place = ({ name }: Result): number => suites.findIndex((suite) => suite.name === name);

function line({ name, passed, failed, skipped, seconds, trouble }: Result): string {
    const counts = `passed ${passed}, failed ${failed}${skipped > 0 ? `, skipped ${skipped}` : ""}`;
    return `${name.padEnd(15)} ${counts}, ${seconds.toFixed(1)} s${trouble ? `: ${trouble}` : ""}`;
}

if (require.main === module) {
    // what the suites have started ends with this process
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
    const names = process.argv.slice(2);
    const chosen = names.length > 0 ? suites.filter(({ name }) => names.includes(name)) : suites;
    void run(chosen, join(__dirname, "..", ".."), (text) => console.log(text)).then(
        (code) => (process.exitCode = code),
    );
}
