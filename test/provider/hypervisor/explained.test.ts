import { strict as assert } from "node:assert";
import type { Diagnosis } from "../../../provider/diagnosis";
import { awaitOnline } from "../../../provider/hypervisor/online";
import type { IsardApi } from "../../../provider/isardvdi/api";
import { fakeClock } from "../../world/fake-clock";
import { testWorld } from "../../world/world";
import { record } from "./record";

const finding = {
    ...{ step: "forwards", title: "The host forwards the SSH port", cause: "missing", isFinal: false },
    ...{ seen: "nothing on the host forwards 2022/tcp", advice: "Forward it to the container." },
    evidence: [{ command: "docker logs isard-engine", lines: ["h1.example.org refused"] }],
};

describe("a wait whose time is up", () => {
    const wait = async (explain: () => Promise<Diagnosis>) => {
        const world = testWorld(fakeClock(0));
        const api = { find: async () => record({ status: "Offline" }) } as unknown as IsardApi;
        const error: unknown = await awaitOnline(
            {
                ...{ api, feed: undefined, source: "api", hyperId: "h1", timeoutSeconds: 30, mayVanish: false },
                ...{ seen: () => undefined, explain },
            },
            world,
        ).catch((each: unknown) => each);
        assert.ok(error instanceof Error);
        return { message: error.message, world };
    };

    it("names the step that fails with its remedy, and says the evidence in the log", async () => {
        const { message, world } = await wait(async () => ({ hyperId: "h1", isHealthy: false, steps: [], finding }));
        assert.match(
            message,
            /after 30 s status is Offline: nothing on the host forwards 2022\/tcp \(forwards\)\. Forward it to the container\. The hypervisor stays/,
        );
        assert.ok(
            world.lines.some(({ level, message: line }) => level === "info" && line.includes("h1.example.org refused")),
        );
    });

    it("lets the record speak where nothing was found, or nothing could be asked", async () => {
        const healthy = await wait(async () => ({ hyperId: "h1", isHealthy: true, steps: [] }));
        const broken = await wait(() => Promise.reject(new Error("cut off")));
        for (const { message } of [healthy, broken])
            assert.match(message, /status is Offline\. The engine has not taken it up/);
    });
});
