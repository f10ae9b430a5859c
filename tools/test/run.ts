import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chosenJobs, type Job, UnknownName } from "./jobs";
import { runQueue } from "./queue";
import { line, summary } from "./report";
import { type Result, runJob } from "./run-job";
import { quickSuites, suites } from "./suites";

const help = `make test ARGS="[NAME…] [--lanes N] [--again] [--all]"

  NAME       a suite, a test file, or the beginning of its path in test/; default: everything
  --quick    what "make check" runs
  --lanes N  so many jobs at once; default: two for each core, for much is waiting
  --again    what has failed runs once more, alone; a job that then passes is told as FLAKY
  --all      the forwards with each Docker engine and each firewall; default: what depends on the engine, where it is another
  --list     the jobs, and nothing is run
`;

/** More failures than this are no accident. */
const mostAgain = 5;

/** Runs the jobs, each on the next lane that is free; the last line is the sum over all of them. */
export async function run(
    jobs: readonly Job[],
    cwd: string,
    lanes: number,
    print: (line: string) => void,
    { again = false } = {},
): Promise<number> {
    const results: Result[] = [];
    const leftOut: string[] = [];
    const running = new Map<string, number>();
    const started = performance.now();
    const busyBefore = busySeconds();
    let silentSince = started;
    const say = (text: string): void => {
        silentSince = performance.now();
        print(text);
    };
    const heartbeat = setInterval(() => {
        if (performance.now() - silentSince < 9_000) return;
        const since = (from: number): string => `${((performance.now() - from) / 1000).toFixed(0)} s`;
        say(`.. ${[...running].map(([name, from]) => `${name} ${since(from)}`).join(", ")}`);
    }, 1_000);
    const ran = async (job: Job): Promise<Result> => {
        say(`>> ${job.name}`);
        running.set(job.name, performance.now());
        const result = await runJob(job, cwd);
        running.delete(job.name);
        // as a block, for several run at once
        if (result.output.trim() !== "") say(result.output.trimEnd().replaceAll(/^/gm, "   "));
        say(`== ${line(job.name, [result])}`);
        return result;
    };
    await runQueue(
        jobs,
        lanes,
        async (job) => {
            const result = await ran(job);
            results.push(result);
            return { isGood: result.failed === 0 };
        },
        (job, need) => leftOut.push(`${job.name}, for it needs the ${need}`),
    );
    const bad = results.filter(({ failed, job }) => failed > 0 && !job.suite.gives);
    if (again && bad.length <= mostAgain)
        for (const first of bad) {
            const second = await ran(first.job);
            if (second.failed === 0) results[results.indexOf(first)] = { ...second, first };
        }
    clearInterval(heartbeat);
    const place = ({ job }: Result): number => jobs.indexOf(job);
    results.sort((a, b) => place(a) - place(b));
    const seconds = (performance.now() - started) / 1000;
    summary(results, leftOut, { seconds, busy: busySeconds() - busyBefore }).forEach(print);
    return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** What this machine's processors have worked since it started: daemons of the labs are no job's children. */
function busySeconds(): number {
    return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}

async function main(): Promise<number> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            quick: { type: "boolean" },
            lanes: { type: "string", default: String(availableParallelism() * 2) },
            again: { type: "boolean" },
            all: { type: "boolean" },
            list: { type: "boolean" },
            help: { type: "boolean" },
        },
    });
    const root = join(__dirname, "..", "..");
    if (values.help) return (process.stdout.write(help), 0);
    if (!/^[1-9]\d?$/.test(values.lanes))
        throw new UnknownName(`--lanes must be a number from 1 to 99, not "${values.lanes}".`);
    const known = values.quick ? quickSuites : suites;
    // what an engine's file tries then is four times as much
    const limited = values.all ? known.map((suite) => ({ ...suite, limit: suite.limit * 4 })) : known;
    const jobs = chosenJobs(positionals, limited, root);
    // read by test/firewall/engines.ts
    if (values.all) process.env["TEST_ALL"] = "1";
    if (values.list) return (console.log(jobs.map(({ name }) => name).join("\n")), 0);
    return await run(jobs, root, Number(values.lanes), (text) => console.log(text), values);
}

if (require.main === module) {
    // what the jobs have started ends with this process
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
    main().then(
        (code) => (process.exitCode = code),
        (error: Error) => {
            console.error(error instanceof UnknownName ? error.message : error);
            process.exitCode = 2;
        },
    );
}
