import { strict as assert } from "node:assert";
import type { Diagnosis, Finding } from "../../../provider/diagnosis";
import { IsardvdiError } from "../../../provider/errors";
import { awaitOnline } from "../../../provider/hypervisor/online";
import { withReasons } from "../../../provider/hypervisor/reasons";
import type { HypervisorRecord, IsardApi } from "../../../provider/isardvdi/api";
import { fakeClock } from "../../world/fake-clock";
import { testWorld } from "../../world/world";
import { newProgress, record } from "./record";

const missing: Finding = {
    ...{ step: "forwards", title: "The host forwards the SSH port", cause: "missing", isFinal: false },
    ...{ seen: "nothing on the host forwards 2022/tcp", advice: "Forward it to the container." },
    evidence: [{ command: "docker logs isard-engine", lines: ["h1.example.org refused"] }],
};
const passing: Finding = { ...missing, step: "engine", cause: "not-taken-up", seen: "not taken up", passes: true };
const diagnosis = (finding?: Finding): Diagnosis => ({
    ...{ hyperId: "h1", isHealthy: !finding, steps: [] },
    ...(finding && { finding }),
});

interface Scene {
    /** What a look at the machines finds at a second; no machine can be looked at where it is absent. */
    explain?: (second: number) => Promise<Diagnosis> | Diagnosis;
    /** The record at a second. */
    row?: (second: number) => Partial<HypervisorRecord>;
    seconds?: number;
}

/** A wait by polling under a fake clock, and what it said and when. */
async function waited({ explain, row = () => ({ status: "Offline" }), seconds = 30 }: Scene) {
    const clock = fakeClock(0);
    const world = testWorld(clock);
    const now = (): number => clock.now() / 1000;
    const find = async (): Promise<HypervisorRecord> => record(row(now()));
    const said: [second: number, line: string][] = [];
    const log = { ...world.log, status: (line: string) => void said.push([now(), line]) };
    const infos: string[] = [];
    const result: unknown = await withReasons(
        {
            subject: { hyperId: "h1", hostname: "h1.example.org", vpnTunnelingMode: "wireguard+geneve" },
            generation: "v4",
            find,
            explain: explain && (async () => explain(now())),
        },
        { ...world, log: { ...log, info: (line: string) => void infos.push(line) } },
        async (inner, notice) =>
            void (await awaitOnline(
                {
                    ...{ api: { find } as unknown as IsardApi, feed: undefined, source: "api", hyperId: "h1" },
                    ...{ timeoutSeconds: seconds, mayVanish: false, progress: newProgress(), seen: notice },
                },
                inner,
            )),
    ).catch((error: unknown) => error);
    return { result, said, infos, second: now() };
}

const message = ({ result }: { result: unknown }): string => {
    assert.ok(result instanceof IsardvdiError, String(result));
    return result.message;
};

describe("a wait that does not come to its end", () => {
    it("names the step that fails with its remedy in one line, and says the evidence in the log", async () => {
        const done = await waited({ explain: () => diagnosis(missing) });
        assert.match(
            message(done),
            /^Unable to bring Online hypervisor "h1": after 30 s status is Offline: nothing on the host forwards 2022\/tcp \(forwards\)\. Forward it to the container\. The hypervisor stays in the stack; [^\n]*$/,
        );
        assert.ok(done.infos.some((line) => line.includes("h1.example.org refused")));
    });

    it("says the engine's error once, although the finding repeats it", async () => {
        const said = "Cannot connect to libvirt";
        const finding = { ...missing, seen: `the engine says "${said}"` };
        const done = await waited({
            row: () => ({ status: "Error", detail: said, statusTime: 9 }),
            explain: () => ({ ...diagnosis(finding), said }),
        });
        assert.equal(message(done).split(said).length, 2, message(done));
    });

    it("lets the record speak where no machine can be looked at, or nothing was found there", async () => {
        const healthy = await waited({ explain: () => diagnosis() });
        const broken = await waited({ explain: () => Promise.reject(new Error("cut off")) });
        for (const done of [await waited({}), healthy, broken])
            assert.match(message(done), /has not taken it up \(engine\)\. .*restart isard-engine/);
        const shut = await waited({
            row: () => ({ status: "Error", detail: "Hypervisor not reachable", statusTime: 9 }),
        });
        assert.match(message(shut), /172\.31\.255\.17:2022/);
    });
});

describe("while a hypervisor is waited for", () => {
    it("a cause is named within 5 s of being there, once, and waited out", async () => {
        const row = (second: number): Partial<HypervisorRecord> =>
            second >= 25 ? { status: "Online", statusTime: 9 } : { status: "Offline" };
        const { result, said } = await waited({
            row,
            explain: (second) => diagnosis(second >= 7 && second < 20 ? missing : undefined),
        });
        assert.equal(result, undefined);
        const named = said.filter(([, line]) => line.includes("nothing on the host forwards"));
        assert.equal(named.length, 1, JSON.stringify(said));
        // a step's title says how it should be, which beside what was seen is a contradiction
        assert.match(named[0]?.[1] ?? "", /^not Online yet: nothing on the host forwards 2022\/tcp \(forwards\)$/);
        assert.ok((named[0]?.[0] ?? 0) >= 7 && (named[0]?.[0] ?? Infinity) <= 12, JSON.stringify(named));
    });

    it("a stage of a healthy start is named only once it lasts", async () => {
        const short = await waited({
            row: (second) => (second >= 9 ? { status: "Online", statusTime: 9 } : { status: "Offline" }),
            explain: () => diagnosis(passing),
        });
        assert.ok(!short.said.some(([, line]) => line.includes("not taken up")));
        const long = await waited({ explain: () => diagnosis(passing) });
        assert.equal(long.said.filter(([, line]) => line.includes("not taken up")).length, 1);
    });

    it("a look that takes its time is not repeated at once, and holds nothing up", async () => {
        let looks = 0;
        const { result, second } = await waited({
            row: (now) => (now >= 20 ? { status: "Online", statusTime: 9 } : { status: "Offline" }),
            explain: () => ((looks += 1), new Promise<Diagnosis>(() => undefined)),
        });
        assert.equal(result, undefined);
        assert.equal(looks, 1);
        assert.ok(second <= 23, `${second} s`);
    });

    for (const [what, row, code] of [
        ["another host takes its id", { hostname: "h2.example.org" }, "conflict"],
        ["the site tunnels otherwise", { vpn: { ...record().vpn, mode: "geneve" as const } }, "mode-mismatch"],
    ] as const)
        it(`the wait ends at once when ${what}`, async () => {
            const done = await waited({
                seconds: 600,
                row: (second) => ({ status: "Offline", ...(second >= 5 && row) }),
            });
            assert.equal((done.result as IsardvdiError).code, code, message(done));
            assert.ok(done.second < 10, `${done.second} s`);
        });

    for (const code of ["unauthorized", "forbidden"] as const)
        it(`the wait ends at once when the API answers ${code}`, async () => {
            const done = await waited({
                seconds: 600,
                explain: () => diagnosis({ ...missing, step: "api", cause: code, seen: "the API refuses", ends: code }),
            });
            assert.equal((done.result as IsardvdiError).code, code);
            assert.ok(done.second < 10);
        });
});
