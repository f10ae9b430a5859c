import assert from "node:assert/strict";
import fc from "fast-check";
import type { Draft } from "../../../provider/isardvdi-cfg/claim";
import { Cfg } from "../../../provider/isardvdi-cfg/document";
import { emptyLedger, parseLedger, printLedger, union } from "../../../provider/isardvdi-cfg/ledger";
import { splitHostnames } from "../../../provider/video-proxy-config/hostnames";
import { draftList, draftWithout, hostnamesKey, portsKey } from "../../../provider/video-proxy-config/list";

const owners = ["a", "b", "c"].map((id) => ({ id, name: `urn::${id}` }));
const name = fc.constantFrom("h1", "h2", "h3", "hand1", "hand2");
const before = fc.constantFrom(
    "A=1\n",
    "A=1\n#VIDEO_HYPERVISOR_HOSTNAMES=isard-hypervisor\n#VIDEO_HYPERVISOR_PORTS=5900-6899\nB=2\n",
    "VIDEO_HYPERVISOR_HOSTNAMES=\nB=2\n",
    "VIDEO_HYPERVISOR_HOSTNAMES='isard-hypervisor, hand1' # by hand\nVIDEO_HYPERVISOR_PORTS=5900-6900\n",
    "A=1\r\nVIDEO_HYPERVISOR_HOSTNAMES=hand1,hand2\r\nB=2",
);
const turn = fc.record({
    owner: fc.constantFrom(...owners),
    hostnames: fc.option(fc.array(name, { maxLength: 3 }), { freq: 2 }),
    ports: fc.constantFrom("5900-7899", "5900-6900", "6000"),
});

const start = (text: string): Draft => ({ cfg: Cfg.parse(Buffer.from(text)), ledger: emptyLedger, warnings: [] });
const listOf = ({ cfg }: Draft): string[] => {
    const now = cfg.read(hostnamesKey);
    return now.state === "set" ? splitHostnames(now.value) : [];
};
const portsOf = ({ cfg }: Draft): string => {
    const now = cfg.read(portsKey);
    return now.state === "set" ? now.value : "5900-7899";
};
/** As it comes back from the host. */
const stored = (draft: Draft): Draft => ({ ...draft, ledger: parseLedger(printLedger(draft.ledger)) });

describe("the video proxy's list in additive mode", () => {
    it("holds everybody's names and the hand's, in any order of up and destroy, and ends as it began", () => {
        fc.assert(
            fc.property(before, fc.array(turn, { maxLength: 8 }), fc.boolean(), (text, turns, hasLocal) => {
                let draft = start(text);
                const byHand = listOf(draft).filter((each) => each !== "isard-hypervisor");
                const model = new Map<string, { hostnames: string[]; ports: string }>();
                const destroyed = owners.map((owner) => ({ owner, hostnames: null, ports: "" }));
                for (const { owner, hostnames, ports } of [...turns, ...destroyed]) {
                    if (hostnames) model.set(owner.id, { hostnames, ports });
                    else if (!model.delete(owner.id)) continue;
                    const wanted = hostnames && { hostnames, ports, mode: "additive" as const };
                    draft = stored(
                        wanted ? draftList(draft, owner, wanted, hasLocal) : draftWithout(draft, owner, hasLocal),
                    );
                    if (model.size === 0) break;
                    const expected = new Set([...byHand, ...[...model.values()].flatMap((each) => each.hostnames)]);
                    if (hasLocal) expected.add("isard-hypervisor");
                    assert.deepEqual(new Set(listOf(draft)), expected);
                    assert.equal(listOf(draft).length, expected.size);
                    const [from, to = from] = portsOf(draft).split("-").map(Number);
                    for (const each of model.values()) {
                        const [first, last = first] = each.ports.split("-").map(Number);
                        assert.ok((from ?? 0) <= (first ?? 0) && (last ?? 0) <= (to ?? 0));
                    }
                }
                if (model.size === 0) assert.equal(draft.cfg.bytes().toString(), text);
                assert.deepEqual(draft.warnings, []);
            }),
            { numRuns: 500 },
        );
    });

    it("keeps what a hand adds meanwhile, and takes only its own names away", () => {
        const [a, b] = owners;
        assert.ok(a && b);
        const additive = (hostnames: string[]) => ({ hostnames, ports: "5900-7899", mode: "additive" as const });
        let draft = draftList(start("A=1\n"), a, additive(["h1"]), false);
        draft = { ...draft, cfg: draft.cfg.set(hostnamesKey, "h1,hand1") };
        draft = draftList(draft, b, additive(["h2"]), false);
        assert.deepEqual(listOf(draft), ["hand1", "h1", "h2"]);
        draft = draftWithout(draftWithout(draft, a, false), b, false);
        assert.equal(draft.cfg.bytes().toString(), `A=1\n${hostnamesKey}=hand1\n`);
        assert.equal(printLedger(draft.ledger), "");
    });

    it("refuses a list that the shell computes", () => {
        const [a] = owners;
        assert.ok(a);
        const wanted = { hostnames: ["h1"], ports: "5900-7899", mode: "additive" as const };
        assert.throws(() => draftList(start(`${hostnamesKey}=$DOMAIN\n`), a, wanted, false), /computed by the shell/);
    });
});

describe("the ledger", () => {
    it("on its way from one state to the next knows the values of both", () => {
        const [a] = owners;
        assert.ok(a);
        const wanted = (hostnames: string[]) => ({ hostnames, ports: "5900-7899", mode: "authoritative" as const });
        const first = draftList(start("A=1\n"), a, wanted(["h1"]), false);
        const second = draftList(first, a, wanted(["h2"]), false);
        const between = union(first.ledger, second.ledger);
        for (const { cfg } of [first, second]) {
            const released = draftWithout({ cfg, ledger: between, warnings: [] }, a, false);
            assert.equal(released.cfg.bytes().toString(), "A=1\n");
            assert.deepEqual(released.warnings, []);
        }
    });
});
