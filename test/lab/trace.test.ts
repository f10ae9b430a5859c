import { strict as assert } from "node:assert";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { needsLab } from "./skip";

const KINDS = ["mnt", "net", "pid", "uts", "ipc", "cgroup"];
const OWNER = join(__dirname, "owner.ts");

describe("what a lab leaves behind", function () {
    this.timeout(300_000);
    before(needsLab);

    for (const [ending, end] of [
        ["was stopped", (owner: ChildProcess): void => void owner.stdin?.write("stop\n")],
        ["lost its process by SIGKILL", (owner: ChildProcess): void => void owner.kill("SIGKILL")],
    ] satisfies [string, (owner: ChildProcess) => void][])
        it(`is nothing after it ${ending}`, async () => {
            const folder = mkdtempSync(join(tmpdir(), "trace-"));
            const mounts = readFileSync("/proc/self/mountinfo", "utf8");
            const links = execFileSync("ls", ["/sys/class/net"], { encoding: "utf8" });
            const owner = spawn(process.execPath, ["-r", "./tools/test/register.js", OWNER], {
                stdio: ["pipe", "pipe", "inherit"],
                env: { ...process.env, TMPDIR: folder },
            });
            await said(owner, "up");
            const pid = owner.pid ?? 0;
            const processes = descendants(pid);
            const namespaces = namespacesOf(processes);
            const born = new Map(processes.map((one) => [one, startOf(one)]));
            const still = (one: number): boolean => isAlive(one) && startOf(one) === born.get(one);
            const group = `isardvdi-lab-${pid}-`;
            const last = Math.max(...born.values());
            assert.ok(processes.length > 20, "too few processes for a lab");
            assert.ok(namespaces.size >= 3 * 4, "too few namespaces for a lab");
            assert.ok(controlGroups(group).length > 2, "no control groups");

            end(owner);
            if (ending === "was stopped") {
                await said(owner, "stopped");
                const left = processes.filter((one) => one !== pid && still(one));
                assert.deepEqual(left, [], "processes are there although stop has returned");
                assert.deepEqual(controlGroups(group), []);
                owner.kill("SIGKILL");
            }
            await gone(() => [
                ...processes.filter(still).map((one) => `process ${one}`),
                ...allProcesses()
                    .filter((one) => isOf(folder, one))
                    .map((one) => `process ${one}, started later`),
                // the kernel gives the number of a namespace that has ended to the next one, which may be another lab's
                ...[...namespacesOf(allProcesses().filter((one) => startOf(one) <= last))].filter((one) =>
                    namespaces.has(one),
                ),
                ...controlGroups(group),
            ]);
            assert.equal(readFileSync("/proc/self/mountinfo", "utf8"), mounts);
            assert.equal(execFileSync("ls", ["/sys/class/net"], { encoding: "utf8" }), links);
            // fails where a file is left
            rmdirSync(folder);
        });
});

async function said(owner: ChildProcess, word: string): Promise<void> {
    let heard = "";
    await new Promise<void>((resolve, reject) => {
        owner.stdout?.setEncoding("utf8").on("data", (text: string) => {
            heard += text;
            if (heard.includes(word)) resolve();
        });
        owner.once("exit", () => reject(new Error(`the lab's process ended before it was ${word}`)));
    });
    owner.stdout?.removeAllListeners("data");
    owner.removeAllListeners("exit");
}

async function gone(left: () => string[]): Promise<void> {
    for (const end = Date.now() + 20_000; left().length > 0;) {
        if (Date.now() > end) assert.deepEqual(left(), []);
        await setTimeout(50);
    }
}

const allProcesses = (): number[] =>
    readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map(Number);

function descendants(root: number): number[] {
    const parents = new Map(allProcesses().map((pid) => [pid, parentOf(pid)]));
    const isBelow = (pid: number): boolean => pid === root || (parents.has(pid) && isBelow(parents.get(pid) ?? 0));
    return [...parents.keys()].filter(isBelow);
}

/** In ticks since this machine's start: with it, a process is told from a later one of the same number. */
function startOf(pid: number): number {
    const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? 0);
}

/** Whether it runs with the lab's folder for temporary files. */
const isOf = (folder: string, pid: number): boolean =>
    isAlive(pid) && (attempt(() => readFileSync(`/proc/${pid}/environ`, "utf8")) ?? "").includes(`TMPDIR=${folder}`);

function parentOf(pid: number): number {
    return Number(/\nPPid:\t(\d+)/.exec(attempt(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "")?.[1] ?? 0);
}

/** But those that this process is in. */
function namespacesOf(processes: number[]): Set<string> {
    const own = KINDS.map((kind) => readlinkSync(`/proc/self/ns/${kind}`));
    const all = processes.flatMap((pid) => KINDS.map((kind) => attempt(() => readlinkSync(`/proc/${pid}/ns/${kind}`))));
    return new Set(all.filter((one): one is string => one !== undefined && !own.includes(one)));
}

/** A zombie is dead: it waits for whoever adopted it. */
function isAlive(pid: number): boolean {
    const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8"));
    return status !== undefined && !/\nState:\tZ/.test(status);
}

/** Looked at through a mount of its own, in a namespace that ends with the look. */
function controlGroups(prefix: string): string[] {
    const look = 'mount -t cgroup2 cgroup2 /mnt && find /mnt -path "/mnt/$1*" -type d';
    const found = execFileSync("unshare", ["--mount", "sh", "-c", look, "sh", prefix], { encoding: "utf8" });
    return found.split("\n").filter(Boolean);
}

function attempt<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch {
        return undefined;
    }
}
