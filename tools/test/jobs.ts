import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "./suites";

/** What a lane runs at once: a command, or mocha over some files. */
export interface Job {
    suite: Suite;
    name: string;
    argv: readonly string[];
}

export class UnknownName extends Error {}

const isTest = (path: string): boolean => /\.test\.[jt]s$/.test(path);

/** The test files of a suite, as paths from the repository's root. */
export function filesOf({ tests = [] }: Suite, root: string): string[] {
    return tests.flatMap((place) => {
        const path = join("test", place);
        if (isTest(path)) return [path];
        if (!existsSync(join(root, path))) return [];
        const inside = readdirSync(join(root, path), { recursive: true, encoding: "utf8" });
        return inside
            .filter(isTest)
            .sort()
            .map((file) => join(path, file));
    });
}

/** The jobs of suites, or of those files of them alone that `wanted` takes. */
export function jobsOf(suite: Suite, root: string, wanted: (file: string) => boolean = () => true): Job[] {
    const { name, command, filesPerJob = 1 } = suite;
    if (command) return [{ suite, name, argv: command }];
    const files = filesOf(suite, root).filter(wanted);
    const jobs = Math.ceil(files.length / filesPerJob);
    // dealt like cards, so that a folder of long ones is shared
    const dealt = Array.from({ length: jobs }, (_, job) => files.filter((_file, index) => index % jobs === job));
    return dealt.map((own, index) => ({
        suite,
        name: own.length === 1 ? nameOf(suite, own[0] ?? "") : `${name} ${index + 1}/${jobs}`,
        argv: ["node_modules/.bin/mocha", "--reporter", "tools/test/reporter.js", ...own],
    }));
}

function nameOf({ name, isRepeat }: Suite, file: string): string {
    const short = file.replace(/^test\/|\.test\.[jt]s$/g, "");
    return isRepeat ? `${name}/${short}` : short;
}

/** What the names on the command line stand for: suites, files, or the beginnings of files' paths in test/. */
export function chosenJobs(names: readonly string[], suites: readonly Suite[], root: string): Job[] {
    if (names.length === 0) return inTurn(suites.map((suite) => jobsOf(suite, root)));
    const jobs = names.flatMap((name) => {
        const suite = suites.find((each) => each.name === name);
        if (suite) return jobsOf(suite, root);
        const path = join("test", name.replace(/^(\.\/)?test\//, ""));
        const found = suites.flatMap((each) =>
            each.command || each.isRepeat ? [] : jobsOf(each, root, (file) => file === path || file.startsWith(path)),
        );
        if (found.length > 0) return found;
        const known = suites.filter(({ isPreparation }) => !isPreparation).map((each) => each.name);
        throw new UnknownName(`"${name}" is neither a suite nor a test file. The suites: ${known.join(", ")}.`);
    });
    return withPreparations(jobs, suites, root);
}

/** One of each suite, then the next of each: what waits runs beside what computes. Preparations go first. */
function inTurn(suites: readonly Job[][]): Job[] {
    const rounds = Math.max(0, ...suites.map((jobs) => jobs.length));
    const dealt = Array.from({ length: rounds }, (_, round) => suites.flatMap((jobs) => jobs.slice(round, round + 1)));
    const all = dealt.flat();
    return [...all.filter(({ suite }) => suite.gives), ...all.filter(({ suite }) => !suite.gives)];
}

/** With what gives that which they need, first. */
function withPreparations(jobs: readonly Job[], suites: readonly Suite[], root: string): Job[] {
    const needs = new Set(jobs.flatMap(({ suite }) => suite.needs ?? []));
    const first = suites.filter(
        (suite) => suite.gives && needs.has(suite.gives) && !jobs.some((job) => job.suite === suite),
    );
    return [...first.flatMap((suite) => jobsOf(suite, root)), ...jobs];
}
