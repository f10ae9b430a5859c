import { join } from "node:path";
import { type Result, runSuite } from "./run-suite";
import { type Suite, suites } from "./suites";

/** Runs the suites one after the other; the last line is the sum over all of them. */
export async function run(chosen: readonly Suite[], cwd: string, print: (line: string) => void): Promise<number> {
    const results: Result[] = [];
    for (const suite of chosen) {
        print(`\n== ${suite.name}`);
        const result = await runSuite(suite, cwd);
        results.push(result);
        print(line(result));
    }
    print("\n== summary");
    results.forEach((result) => print(line(result)));
    for (const { name, skippedTitles } of results)
        skippedTitles.forEach((title) => print(`SKIPPED in ${name}: ${title}`));
    const sum = (key: "passed" | "failed" | "skipped"): number =>
        results.reduce((total, result) => total + result[key], 0);
    const skipped = sum("skipped");
    print(`${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    return sum("failed") > 0 ? 1 : 0;
}

function line({ name, passed, failed, skipped, seconds, trouble }: Result): string {
    const counts = `passed ${passed}, failed ${failed}${skipped > 0 ? `, skipped ${skipped}` : ""}`;
    return `${name.padEnd(10)} ${counts}, ${seconds.toFixed(1)} s${trouble ? `: ${trouble}` : ""}`;
}

if (require.main === module) {
    const names = process.argv.slice(2);
    const chosen = names.length > 0 ? suites.filter(({ name }) => names.includes(name)) : suites;
    void run(chosen, join(__dirname, "..", ".."), (text) => console.log(text)).then(
        (code) => (process.exitCode = code),
    );
}
