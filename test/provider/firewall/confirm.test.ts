import { strict as assert } from "node:assert";
import { IsardvdiError, isCode } from "../../../provider/errors";
import { confirm } from "../../../provider/firewall/confirm";
import type { CommandResult, Remote, RemoteCall } from "../../../provider/remote/remote";
import { silentLog } from "../../../provider/world";
import { fakeClock } from "../../world/fake-clock";

const change = { number: "0123456789abcdef", rollbackSeconds: 30 };

/** What becomes of one connection: how long it takes, and what its command prints or why there is none. */
interface Try {
    seconds: number;
    prints?: string;
    error?: Error;
}

/** Answers new connections one after the other, the last one for ever; a time limit ends them as the real one does. */
function hostThat(...tries: Try[]) {
    const clock = fakeClock();
    const limits: (number | undefined)[] = [];
    const controller = new AbortController();
    const remote: Remote = {
        name: "root@h1",
        run: () => Promise.reject(new Error("only new connections prove anything")),
        connect: () => Promise.reject(new Error("no streams here")),
        runAnew: async (_script: string, call: RemoteCall): Promise<CommandResult> => {
            const { seconds, prints, error } = tries[Math.min(limits.length, tries.length - 1)] as Try;
            limits.push(call.timeoutMs);
            const limit = call.timeoutMs ?? Infinity;
            await clock.sleep(Math.min(seconds * 1000, limit), call.signal);
            if (seconds * 1000 > limit) throw timedOut(limit);
            if (error) throw error;
            return { code: 0, stdout: prints ?? "", stderr: "" };
        },
    };
    const call: RemoteCall = { signal: controller.signal, log: silentLog };
    const outcome = () => confirm(remote, change, call, clock);
    return { outcome, limits, clock, controller };
}

const timedOut = (ms: number): IsardvdiError =>
    new IsardvdiError({
        code: "timeout",
        action: "run a command on",
        resource: "root@h1",
        seen: `it was not done within ${ms / 1000} s`,
        advice: "Try again.",
    });
const refused = new Error("connection refused");

describe("the proof that the way in is still open", () => {
    it("is one new connection, which may take all of the rollback's time but a margin", async () => {
        const { outcome, limits } = hostThat({ seconds: 29, prints: "kept\n" });
        assert.equal(await outcome(), "kept");
        assert.deepEqual(limits, [29_500]);
    });
    it("is tried again within that time", async () => {
        const { outcome, limits } = hostThat(
            { seconds: 2, error: refused },
            { seconds: 1, prints: "" },
            { seconds: 20, prints: "kept\n" },
        );
        assert.equal(await outcome(), "kept");
        assert.deepEqual(limits, [29_500, 26_500, 24_500]);
    });
    it("is not there where the host waits no longer: what it has now has to be looked at", async () => {
        const { outcome } = hostThat({ seconds: 3, error: refused }, { seconds: 1, prints: "gone\n" });
        assert.equal(await outcome(), "gone");
    });
    it("lacks with a forward that takes the SSH port: each connection is refused, and none once it is gone", async () => {
        const tries = Array.from({ length: 15 }, () => ({ seconds: 1, error: refused }));
        const { outcome } = hostThat(...tries, { seconds: 0.1, prints: "pending\n" }, { seconds: 0.1 });
        await assert.rejects(
            outcome(),
            (error) =>
                isCode(error, "ssh-unreachable") &&
                /no new SSH connection came through \(connection refused\); the host has rolled/.test(error.message) &&
                /Look for a forward that takes the SSH port/.test(error.message),
        );
    });
    it("lacks with a forward that leads the SSH port to nobody: none in time, and fast ones once it is gone", async () => {
        const { outcome } = hostThat({ seconds: 999 }, { seconds: 999 }, { seconds: 0.2 });
        await assert.rejects(
            outcome(),
            (error) =>
                isCode(error, "ssh-unreachable") &&
                /\(it was not done within 29\.5 s\); the host has rolled/.test(error.message) &&
                /Look for a forward/.test(error.message),
        );
    });
    it("lacks on a host that is only slow, and no forward is blamed", async () => {
        // the first look afterwards is cut off as well, and the next one has more time
        const { outcome, limits } = hostThat({ seconds: 999 }, { seconds: 999 }, { seconds: 999 }, { seconds: 17 });
        await assert.rejects(
            outcome(),
            (error) =>
                isCode(error, "timeout") &&
                /rolled the change back; a new SSH connection takes 17\.0 s now\. Raise rollback/.test(error.message) &&
                !/forward/.test(error.message),
        );
        assert.deepEqual(limits, [29_500, 5000, 10_000, 20_000]);
    });
    it("ends with the run, at once", async () => {
        const { outcome, controller } = hostThat({ seconds: 20, prints: "kept\n" });
        controller.abort(new Error("stopped"));
        await assert.rejects(outcome(), /stopped/);
    });
});
