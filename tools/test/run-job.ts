import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "./jobs";

export interface Counts {
    passed: number;
    failed: number;
    skipped: number;
    skippedTitles: string[];
    /** With what each has said. */
    failedTitles: string[];
}
export interface Result extends Counts {
    job: Job;
    seconds: number;
    /** Of all that the job has started; undefined where it was ended at its limit. */
    processorSeconds: number | undefined;
    output: string;
    /** Why a job failed as a whole. */
    trouble?: string;
    /** The run before this one, which failed. */
    first?: Result;
}

const none: Counts = { passed: 0, failed: 0, skipped: 0, skippedTitles: [], failedTitles: [] };

/** Runs one job to its end, or ends it, with all it started, at its limit. */
export async function runJob(job: Job, cwd: string): Promise<Result> {
    const folder = mkdtempSync(join(tmpdir(), "suite-"));
    const counts = join(folder, "counts.json");
    const times = join(folder, "times");
    const started = performance.now();
    try {
        // a shell knows what its children have used, and a process group of its own ends what they have started
        const child = spawn("bash", ["-c", `"$@"; code=$?; times >"$0"; exit $code`, times, ...job.argv], {
            cwd,
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
            env: { ...process.env, ...job.suite.environment, TEST_COUNTS: counts },
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr])
            stream.setEncoding("utf8").on("data", (text: string) => (output += text));
        const end = (): void => killGroup(child.pid);
        let late = false;
        const timer = setTimeout(() => {
            late = true;
            end();
        }, job.suite.limit * 1000);
        process.once("exit", end);
        const code = await new Promise<number>((resolve) => {
            child.once("exit", (exit) => resolve(exit ?? 1));
            child.once("error", () => resolve(127));
        });
        clearTimeout(timer);
        process.off("exit", end);
        // what a job forgot to stop
        end();
        const seconds = (performance.now() - started) / 1000;
        const judged = judge(job, code, late ? undefined : readCounts(counts), late);
        return { job, seconds, processorSeconds: readTimes(times), output, ...judged };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

function killGroup(leader: number | undefined): void {
    try {
        if (leader !== undefined) process.kill(-leader, "SIGKILL");
    } catch {
        // nothing of it is left
    }
}

function judge({ suite }: Job, code: number, counts: Counts | undefined, late: boolean): Counts & { trouble?: string } {
    if (late) return { ...none, failed: 1, trouble: `ended after ${suite.limit} s` };
    if (suite.command) {
        if (code === 0) return { ...none, passed: suite.isPreparation ? 0 : 1 };
        return { ...none, failed: 1, trouble: `ended with ${code}` };
    }
    if (!counts) return { ...none, failed: 1, trouble: `ended with ${code} before it counted anything` };
    if (counts.passed + counts.failed + counts.skipped === 0) return { ...counts, failed: 1, trouble: "ran no test" };
    if (code !== 0 && counts.failed === 0)
        return { ...counts, failed: 1, trouble: `ended with ${code} although no test failed` };
    return counts;
}

function readCounts(path: string): Counts | undefined {
    try {
        return JSON.parse(readFileSync(path, "utf8")) as Counts;
    } catch {
        return undefined;
    }
}

/** The shell's `times`: its own on the first line, its children's on the second, each "0m1.25s 0m0.50s". */
function readTimes(path: string): number | undefined {
    try {
        const parts = [...readFileSync(path, "utf8").matchAll(/(\d+)m([\d.]+)s/g)].slice(2);
        return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
    } catch {
        return undefined;
    }
}
