import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Suite } from "./suites";

export interface Counts {
    passed: number;
    failed: number;
    skipped: number;
    skippedTitles: string[];
    /** With what each has said. */
    failedTitles: string[];
}
export interface Result extends Counts {
    name: string;
    seconds: number;
    /** Why a suite failed as a whole. */
    trouble?: string;
}

/** Runs one suite to its end, or ends it, with all it started, at its limit. */
export async function runSuite(suite: Suite, cwd: string, print: (line: string) => void): Promise<Result> {
    const folder = mkdtempSync(join(tmpdir(), "suite-"));
    const counts = join(folder, "counts.json");
    const started = Date.now();
    try {
        const [command = "", ...args] = suite.command;
        // a process group of its own, so that the limit ends what the suite has started as well
        const child = spawn(command, args, {
            cwd,
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
            env: { ...process.env, TEST_COUNTS: counts },
        });
        if (!suite.quiet)
            for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", print);
        else for (const stream of [child.stdout, child.stderr]) stream.resume();
        const end = (): void => killGroup(child.pid);
        let late = false;
        const timer = setTimeout(() => {
            late = true;
            end();
        }, suite.limit * 1000);
        process.once("exit", end);
        const code = await new Promise<number>((resolve) => {
            child.once("exit", (exit) => resolve(exit ?? 1));
            child.once("error", () => resolve(127));
        });
        clearTimeout(timer);
        process.off("exit", end);
        // what a suite forgot to stop
        end();
        const seconds = (Date.now() - started) / 1000;
        return { name: suite.name, seconds, ...judge(suite, code, late ? undefined : read(counts), late) };
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

function judge(suite: Suite, code: number, counts: Counts | undefined, late: boolean): Counts & { trouble?: string } {
    const none: Counts = { passed: 0, failed: 0, skipped: 0, skippedTitles: [], failedTitles: [] };
    if (late) return { ...none, failed: 1, trouble: `ended after ${suite.limit} s` };
    if (suite.single) return code === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 };
    if (!counts) return { ...none, failed: 1, trouble: `ended with ${code} before it counted anything` };
    if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, trouble: "ran no test" };
    if (code !== 0 && counts.failed === 0)
        return { ...counts, failed: 1, trouble: `ended with ${code} although no test failed` };
    return counts;
}

function read(path: string): Counts | undefined {
    try {
        return JSON.parse(readFileSync(path, "utf8")) as Counts;
    } catch {
        return undefined;
    }
}
