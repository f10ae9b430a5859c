import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { needsLab } from "../lab/skip";
import { type Bare, bareHost } from "./bare-host";
import { cutOnce, cuts, told } from "./cuts";
import { callWith, change, traces } from "./harness";

const kinds = { iptables: "iptables-nft", firewalld: "firewalld-nftables" } as const;

/** Each place at which a change can be cut off, with one kind of firewall. */
export function killedWith(backend: keyof typeof kinds): void {
    describe(`a change with ${backend} that is killed`, function () {
        this.timeout(300_000);
        const firewall = openFirewall();
        let bare: Bare;
        let clean: string;
        let full: string;
        before(needsLab);
        before(async () => {
            bare = await bareHost(kinds[backend]);
            clean = await rules();
            await firewall.apply(bare.remote, want(), callWith());
            full = await rules();
            await takeAway();
            assert.equal(await rules(), clean);
        });
        after(async () => await bare?.lab.stop());

        const want = () => [
            change("a", bare.ssh, { rollbackSeconds: 5 }),
            change("b", { ...bare.ssh, from: 5900, to: 5910 }, { rollbackSeconds: 5 }),
        ];
        const takeAway = () =>
            firewall.apply(
                bare.remote,
                want().map(({ owner }) => change(owner.tag, undefined)),
                callWith(),
            );
        /** firewalld keeps a backup of each file that it writes, until the last forward of ours is gone. */
        const rules = async (): Promise<string> => {
            const all = await traces(bare.host);
            return all.replace(/^.*\.old$\n?/gm, "");
        };

        afterEach(takeAway);
        for (const cut of cuts[backend])
            it(`leaves what the next run completes, nothing doubled: ${told(cut)}`, async () => {
                const { remote, host } = bare;
                await host.must("rm -f /run/cut");
                const end = cutOnce(remote, cut);
                const run = new AbortController();
                const applied = firewall.apply(remote, want(), { ...callWith(), signal: run.signal });
                const ended = cut.isConfirmed ? applied : assert.rejects(applied);
                if (cut.script === "undo") {
                    await host.must("until [ -e /run/cut ]; do sleep 0.1; done");
                    run.abort(new Error("killed"));
                }
                await ended;
                assert.ok(end() > 0, "it was never cut");
                await firewall.apply(remote, want(), callWith());
                // what a confirmation was about to throw away goes with the next change
                assert.equal((await rules()).replace(/^.*\/kept\.\d+.*$\n?/gm, ""), full);
                assert.ok(await bare.arrives());
                await takeAway();
                assert.equal(await rules(), clean);
                assert.ok(await bare.isSilent());
            });

        /** Cut off with its rules in place, before it is confirmed. */
        const unconfirmed = async (changes: ReturnType<typeof want>): Promise<void> => {
            const end = cutOnce(bare.remote, { script: "change", at: "echo @armed" });
            await assert.rejects(firewall.apply(bare.remote, changes, callWith()));
            assert.equal(end(), 1, "it was never cut");
        };
        const forwards = async (): Promise<string[]> => {
            const seen = await firewall.inspect(bare.remote, "auto", callWith());
            return [...seen.forwards.keys()].sort();
        };

        /** The first look reads one half before the host has taken the change back, and the other half after. */
        const duringUndo = async <T>(work: () => Promise<T>): Promise<T> => {
            const run = bare.remote.run.bind(bare.remote);
            const undone = "while ls $S 2>/dev/null | grep -q -x -e armed -e fired; do sleep 0.1; done";
            bare.remote.run = async (script, ...rest) => {
                bare.remote.run = run;
                return await run(script.replace("echo ==addresses", `${undone}; echo ==addresses`), ...rest);
            };
            return await work().finally(() => (bare.remote.run = run));
        };

        it("is no look's answer, for the host takes it back", async () => {
            await unconfirmed(want());
            assert.deepEqual(await forwards(), []);
            assert.equal(await rules(), clean);
            await firewall.apply(bare.remote, want(), callWith());
            await unconfirmed(want().map(({ owner }) => change(owner.tag, undefined, { rollbackSeconds: 5 })));
            assert.deepEqual(await forwards(), ["a", "b"]);
            assert.equal(await rules(), full);
        });

        it("is no look's answer when it is undone in the middle of the look", async () => {
            await firewall.apply(bare.remote, want(), callWith());
            await unconfirmed(want().map(({ owner }) => change(owner.tag, undefined, { rollbackSeconds: 5 })));
            assert.deepEqual(await duringUndo(forwards), ["a", "b"]);
        });

        it("is no look's answer from which a change is made either", async () => {
            await unconfirmed(want());
            await duringUndo(() => firewall.apply(bare.remote, want(), callWith()));
            assert.equal(await rules(), full);
        });

        it("is no look's answer where nobody is left who takes it back", async () => {
            await unconfirmed(want());
            await bare.host.must('kill -KILL "-$(cat /var/lib/pulumi-isardvdi/firewall/armed/pid)"');
            assert.notEqual(await rules(), clean);
            assert.deepEqual(await forwards(), []);
            await firewall.apply(bare.remote, want(), callWith());
            assert.deepEqual([await forwards(), await rules()], [["a", "b"], full]);
        });
    });
}
