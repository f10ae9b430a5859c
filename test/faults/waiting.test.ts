import { newProgress } from "../provider/hypervisor/record";
import { strict as assert } from "node:assert";
import { diagnose } from "../../provider/diagnosis";
import { awaitOnline } from "../../provider/hypervisor/online";
import { withReasons } from "../../provider/hypervisor/reasons";
import { openSite } from "../../provider/isardvdi";
import { silentLog, systemClock, type World } from "../../provider/world";
import { needsLab } from "../lab/skip";
import type { Fault } from "./fault";
import { FaultySite, ID } from "./site";
import { faults } from "./table";

/** Causes that keep a hypervisor from being Online for as long as they are there; one of each way to fail. */
const lasting = [
    "forwards/missing",
    "forwards/other-target",
    "ssh/container-down",
    "ssh/refused",
    "ssh/host-key-changed",
    "key/not-authorized",
    "libvirt/down",
    "kvm/unset",
    "registration/disabled",
];
describe("a wait for Online, on a site with machines", function () {
    this.timeout(120_000);
    let site: FaultySite;
    before(needsLab);
    before(async () => {
        site = await FaultySite.start("v4");
    });
    after(async () => await site?.stop());

    for (const fault of faults.filter(({ names, only }) => lasting.includes(names) && only !== "v3"))
        it(`names ${fault.names} for ${fault.what}, and ends Online once it is mended`, () => assertTold(site, fault));
});

async function assertTold(site: FaultySite, { names, make }: Fault): Promise<void> {
    const undo = await make(site);
    const said: string[] = [];
    let waiting: Promise<void> | undefined;
    try {
        // an engine's connection that stands goes on without the forward
        const isForward = names.startsWith("forwards");
        if (isForward) site.host.closeSsh();
        await site.until("not Online", () => site.row?.status !== "Online" || site.row["enabled"] !== true);
        if (isForward) site.host.openSsh();
        const log = { ...silentLog, status: (line: string) => said.push(line) };
        const world = { clock: systemClock, signal: AbortSignal.timeout(100_000), log };
        waiting = wait(site, world);
        const title = names.startsWith("registration") ? /disabled/ : titleOf(names);
        await site.until("the cause is named", () => said.some((line) => title.test(line)));
    } finally {
        await undo();
    }
    await waiting;
    assert.equal(site.row?.["status"], "Online");
    await site.settled();
}

/** As the status line of the resource would have it. */
const titleOf = (names: string): RegExp => {
    const [step = ""] = names.split("/");
    const titles: Record<string, RegExp> = {
        forwards: /forward/i,
        ssh: /SSH|container/i,
        key: /authorized_keys/,
        libvirt: /libvirt/i,
        kvm: /kvm/i,
    };
    return titles[step] ?? assert.fail(`no title for ${names}`);
};

async function wait(site: FaultySite, world: World): Promise<void> {
    const api = await openSite(site.settings(), { clock: systemClock, signal: world.signal });
    const { subject, server, host } = site.places();
    await withReasons(
        {
            subject,
            generation: api.generation,
            find: (signal) => api.find(ID, { signal, log: silentLog }),
            explain: (inner) => diagnose({ subject, api: () => Promise.resolve(api), server, host }, inner),
        },
        world,
        async (inner, notice) => {
            const watched = { api, feed: undefined, source: "api", hyperId: ID, timeoutSeconds: 100 } as const;
            await awaitOnline({ ...watched, mayVanish: false, progress: newProgress(), seen: notice }, inner);
        },
    );
}
