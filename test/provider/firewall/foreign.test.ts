import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Forward } from "../../../provider/firewall";
import { foreignInPolicies, foreignInZones } from "../../../provider/firewall/foreign/firewalld";
import type { Foreign } from "../../../provider/firewall/foreign/foreign";
import { judged, type Scene } from "../../../provider/firewall/foreign/judge";
import { twinOf } from "../../../provider/firewall/foreign/twin";
import { foreignInSave } from "../../../provider/firewall/foreign/walk";
import { parseSave } from "../../../provider/firewall/save";
import type { FirewalldSeen } from "../../../provider/firewall/seen";

/** A host with two addresses, on eth0 and as a second one there. */
const scene: Scene = { own: ["192.0.2.10", "203.0.113.20"], zones: undefined };
const ours = (more: Partial<Forward> = {}): Forward => ({
    protocol: "tcp",
    from: 2022,
    to: 2022,
    toAddress: "10.0.0.9",
    toPort: 22,
    persist: true,
    ...more,
});
const nat = (...lines: string[]): Foreign[] =>
    foreignInSave(parseSave(["*nat", ":PREROUTING ACCEPT [0:0]", ...lines, "COMMIT"].join("\n")), false);
const verdicts = (forward: Forward, rules: readonly Foreign[], at = scene): string[] =>
    judged(forward, rules, at).map(({ verdict }) => verdict.kind);

const viewers = { from: 15900, to: 17899, toPort: undefined };
const to22 = "-j DNAT --to-destination 10.0.0.9:22";

/** A rule of PREROUTING, a forward, and what they are to each other. */
const rows: readonly (readonly [rule: string, forward: Partial<Forward>, verdict: string | undefined])[] = [
    [`-p tcp -m tcp --dport 2022 ${to22}`, {}, "equal"],
    [`-p tcp -m addrtype --dst-type LOCAL -m tcp --dport 2022 ${to22}`, {}, "equal"],
    [`-p tcp -m tcp --dport 2022 -m comment --comment "a ! -s word" ${to22}`, {}, "equal"],
    [`-p tcp -m multiport --dports 2022 ${to22}`, {}, "equal"],
    ["-p tcp -m tcp --dport 2022 -j DNAT --to-destination 10.0.0.9", { toPort: undefined }, "equal"],
    ["-p tcp -m tcp --dport 2022 -j DNAT --to-destination 10.0.0.9:2022", { toPort: undefined }, "equal"],
    // where it comes from
    [`-s 10.0.0.0/8 -p tcp -m tcp --dport 2022 ${to22}`, {}, "conflict"],
    [`! -s 10.0.0.0/8 -p tcp -m tcp --dport 2022 ${to22}`, {}, "conflict"],
    [`! -s 10.0.0.0/8 -p tcp -m tcp --dport 2022 ${to22}`, { sourceCidrs: ["10.0.0.0/8"] }, undefined],
    [`-s 10.0.0.0/8 -p tcp -m tcp --dport 2022 ${to22}`, { sourceCidrs: ["10.0.0.0/8"] }, "equal"],
    [`-s 10.0.0.0/255.0.0.0 -p tcp -m tcp --dport 2022 ${to22}`, { sourceCidrs: ["10.0.0.0/8"] }, "equal"],
    [`-s 10.0.0.0/8 -p tcp -m tcp --dport 2022 ${to22}`, { sourceCidrs: ["10.0.0.0/9"] }, "conflict"],
    [`-s 10.0.0.0/8 -p tcp -m tcp --dport 2022 ${to22}`, { sourceCidrs: ["192.0.2.0/24"] }, undefined],
    [`-m iprange --src-range 10.0.0.1-10.0.0.9 -p tcp -m tcp --dport 2022 ${to22}`, {}, "conflict"],
    // where it comes in
    [`-i eth0 -p tcp -m tcp --dport 2022 ${to22}`, { inInterface: "eth0" }, "equal"],
    [`-i eth0 -p tcp -m tcp --dport 2022 ${to22}`, {}, "conflict"],
    [`-i wg0 -p tcp -m tcp --dport 2022 ${to22}`, { inInterface: "eth0" }, undefined],
    [`! -i eth0 -p tcp -m tcp --dport 2022 ${to22}`, { inInterface: "eth0" }, undefined],
    [`! -i eth0 -p tcp -m tcp --dport 2022 ${to22}`, {}, "conflict"],
    [`-i eth+ -p tcp -m tcp --dport 2022 ${to22}`, { inInterface: "eth0" }, "conflict"],
    [`-i wg+ -p tcp -m tcp --dport 2022 ${to22}`, { inInterface: "eth0" }, undefined],
    // where it goes to: an address of the host is left to whoever has it, another host's is none of ours
    [`-d 203.0.113.20/32 -p tcp -m tcp --dport 2022 -j DNAT --to-destination 10.7.7.7`, {}, "beside"],
    [`-d 198.51.100.1/32 -p tcp -m tcp --dport 2022 ${to22}`, {}, undefined],
    [`! -d 203.0.113.20/32 -p tcp -m tcp --dport 2022 ${to22}`, {}, "beside"],
    [`-d 192.0.0.0/2 -p tcp -m tcp --dport 2022 ${to22}`, {}, "conflict"],
    [`-p tcp -m addrtype ! --dst-type LOCAL -m tcp --dport 2022 ${to22}`, {}, undefined],
    // which ports
    [`-p tcp -m tcp ! --dport 2022 ${to22}`, {}, undefined],
    [`-p tcp -m tcp ! --dport 80 ${to22}`, {}, "conflict"],
    [`-p tcp -m multiport ! --dports 80,2022 ${to22}`, {}, undefined],
    [`-p tcp -m multiport --dports 80,2000:2050 ${to22}`, {}, "conflict"],
    [`-p tcp -m multiport --dports 80,443 ${to22}`, {}, undefined],
    [`-p udp -m udp --dport 2022 ${to22}`, {}, undefined],
    [`! -p udp ${to22}`, {}, "conflict"],
    [`-p icmp ${to22}`, {}, undefined],
    [to22, {}, "conflict"],
    // where it sends to
    ["-p tcp -m tcp --dport 15900:17899 -j DNAT --to-destination 10.0.0.9", viewers, "equal"],
    ["-p tcp -m tcp --dport 15900:17899 -j DNAT --to-destination 10.0.0.9:15900-17899", viewers, "equal"],
    ["-p tcp -m tcp --dport 15900:17899 -j DNAT --to-destination 10.0.0.9:5900-7899/15900", viewers, "conflict"],
    ["-p tcp -m tcp --dport 15900:17899 -j DNAT --to-destination 10.0.0.9:5900-7899", viewers, "conflict"],
    ["-p tcp -m tcp --dport 2022 -j DNAT --to-destination 10.0.0.9:3000-3010", { toPort: undefined }, "conflict"],
    ["-p tcp -m tcp --dport 2022 -j DNAT --to-destination 10.0.0.9:3000-3010", { toPort: 3000 }, "conflict"],
    ["-p tcp -m tcp --dport 2022 -j DNAT --to-destination 10.0.0.9-10.0.0.12:22", {}, "conflict"],
    ["-p tcp -m tcp --dport 2022 -j DNAT --to-destination 10.0.0.9:22 --random", {}, "conflict"],
    ["-p tcp -m tcp --dport 2022 -j DNAT --to-destination 10.0.0.8:22", {}, "conflict"],
    ["-p tcp -m tcp --dport 2022 -j REDIRECT --to-ports 22", {}, "conflict"],
    ["-p tcp -m tcp --dport 2022 -j NETMAP --to 10.0.0.0/24", {}, "conflict"],
    // what is not understood
    [`-p tcp -m tcp --dport 2022 -m set --match-set peers src ${to22}`, {}, "conflict"],
    [`-p tcp -m tcp --dport 2022 -m statistic --mode random --probability 0.5 ${to22}`, {}, "conflict"],
    [`-p tcp -m tcp --dport 80 -m set --match-set peers src ${to22}`, {}, undefined],
    [`-s 10.0.0.0/255.0.0.255 -p tcp -m tcp --dport 2022 ${to22}`, {}, "conflict"],
    ["-p tcp -m tcp --dport 2022 -j LOG", {}, undefined],
];

describe("a foreign rule of iptables", () => {
    for (const [rule, forward, verdict] of rows)
        it(`${rule}, with ${JSON.stringify(forward)}: ${verdict ?? "apart"}`, () => {
            assert.deepEqual(verdicts(ours(forward), nat(`-A PREROUTING ${rule}`)), verdict ? [verdict] : []);
        });

    it("has the conditions of the jumps that lead to it", () => {
        const peer = nat(
            ":MINE - [0:0]",
            "-A PREROUTING -s 10.0.0.7/32 -j MINE",
            `-A MINE -p tcp -m tcp --dport 2022 ${to22}`,
        );
        assert.deepEqual(verdicts(ours(), peer), ["conflict"]);
        assert.deepEqual(verdicts(ours({ sourceCidrs: ["10.0.0.7/32"] }), peer), ["equal"]);
        const never = nat(":MINE - [0:0]", `-A MINE -p tcp -m tcp --dport 2022 ${to22}`);
        assert.deepEqual(never, []);
        const ofHost = nat(":MINE - [0:0]", "-A OUTPUT -j MINE", `-A MINE -p tcp -m tcp --dport 2022 ${to22}`);
        assert.deepEqual(verdicts(ours(), ofHost), []);
        assert.deepEqual(verdicts(ours({ local: true }), ofHost), ["conflict"]);
        const either = nat(
            ":MINE - [0:0]",
            "-A PREROUTING -j MINE",
            "-A OUTPUT -j MINE",
            `-A MINE -p tcp -m tcp --dport 2022 ${to22}`,
        );
        assert.deepEqual(verdicts(ours(), either), ["conflict"]);
        assert.deepEqual(verdicts(ours({ local: true }), either), ["equal"]);
    });
    it("gets what those before it leave, and two of one text go both", () => {
        const rule = `-A PREROUTING -p tcp -m tcp --dport 2022 ${to22}`;
        assert.deepEqual(verdicts(ours(), nat("-A PREROUTING -s 10.0.0.0/8 -j RETURN", rule)), ["conflict"]);
        assert.deepEqual(verdicts(ours(), nat("-A PREROUTING -p udp -j RETURN", rule)), ["equal"]);
        assert.deepEqual(verdicts(ours(), nat(rule, rule)), ["equal", "equal"]);
    });
    it("of a program is never taken over, and is in the way only where packets collide", () => {
        const kubernetes = nat(
            ":KUBE-SERVICES - [0:0]",
            ":KUBE-SVC-A - [0:0]",
            ":KUBE-SEP-A - [0:0]",
            "-A PREROUTING -j KUBE-SERVICES",
            "-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 2022 -j KUBE-SVC-A",
            "-A KUBE-SVC-A -m statistic --mode random --probability 0.5 -j KUBE-SEP-A",
            "-A KUBE-SEP-A -p tcp -m tcp -j DNAT --to-destination 10.0.0.9:22",
        );
        assert.deepEqual(verdicts(ours(), kubernetes), []);
        const docker = nat(
            ":DOCKER - [0:0]",
            "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
            `-A DOCKER -p tcp -m tcp --dport 2022 ${to22}`,
        );
        assert.deepEqual(verdicts(ours(), docker), ["conflict"]);
        assert.deepEqual(
            docker.map((rule) => [rule.program, twinOf(rule)]),
            [["Docker", { why: "it is Docker's" }]],
        );
    });
    it("has a twin that is equal to it, or none", () => {
        const word = fc.constantFrom(
            ...["-s 10.0.0.0/8", "! -s 10.0.0.0/8", "-i eth0", "! -i eth0", "-d 203.0.113.20/32", "-m mark --mark 0x1"],
            ...["-p tcp", "-p udp", "-m tcp --dport 2022", "-m tcp --dport 2000:2050", "! --dport 1", "-m time --utc"],
        );
        const target = fc.constantFrom("10.0.0.9", "10.0.0.9:22", "10.0.0.9:2000-2050", "10.0.0.9:1-9/5", "nonsense");
        fc.assert(
            fc.property(fc.uniqueArray(word, { maxLength: 4 }), target, (words, to) => {
                const [rule] = nat(`-A PREROUTING ${words.join(" ")} -j DNAT --to-destination ${to}`);
                const twin = rule && twinOf(rule);
                if (!rule || !twin || "why" in twin) return;
                assert.ok(!words.some((each) => /^! -[si]|mark|time|-d /.test(each)), words.join(" "));
                assert.deepEqual(verdicts({ persist: true, ...twin }, [rule]), ["equal"]);
            }),
            { numRuns: 2000 },
        );
    });
    it("is read whatever stands there", () => {
        fc.assert(
            fc.property(fc.array(fc.string({ maxLength: 12 }), { maxLength: 12 }), (words) => {
                nat(`-A PREROUTING ${words.join(" ").replaceAll("\n", "")} -j DNAT --to-destination 10.0.0.9`);
            }),
            { numRuns: 1000 },
        );
    });
});

describe("a foreign rule of firewalld", () => {
    const zone = { interfaces: [], sources: [], forwardPorts: [], richRules: [] };
    const seen = (internal: Partial<typeof zone> & object, more: Partial<FirewalldSeen> = {}): FirewalldSeen => ({
        backend: "nftables",
        defaultZone: "public",
        zones: { public: zone, internal: { ...zone, ...internal } },
        permanent: {},
        direct: [],
        permanentDirect: [],
        chain: [],
        ...more,
    });
    const inBoth: Scene = { ...scene, zones: ["internal", "public"] };
    const inInternal: Scene = { ...scene, zones: ["internal"] };
    const inPublic: Scene = { ...scene, zones: ["public"] };
    const port = (...entry: string[]) => seen({ forwardPorts: [entry] as never[] });
    const rich = (rule: string) => seen({ richRules: [rule] as never[] });
    const found = (host: FirewalldSeen) => foreignInZones(host, new Set());

    it("reaches what its zone gets: ours in another zone too is not equal, and one elsewhere is none of its business", () => {
        const rules = found(port("2022", "tcp", "22", "10.0.0.9"));
        assert.deepEqual(verdicts(ours(), rules, inBoth), ["conflict"]);
        assert.deepEqual(verdicts(ours({ zone: "internal" }), rules, inInternal), ["equal"]);
        assert.deepEqual(verdicts(ours(), rules, inPublic), []);
        const twin = rules[0] && twinOf(rules[0]);
        assert.ok(twin && !("why" in twin));
        assert.equal(twin.zone, "internal");
        const everywhere = seen(
            {},
            {
                zones: Object.fromEntries(
                    ["public", "internal"].map((name) => [
                        name,
                        { ...zone, forwardPorts: [["2022", "tcp", "22", "10.0.0.9"]] },
                    ]),
                ),
            },
        );
        assert.deepEqual(verdicts(ours(), found(everywhere), inBoth), ["equal", "equal"]);
    });
    it("is equal only with the very target", () => {
        const at = { zone: "internal" };
        const verdict = (toPort: string, forward: Partial<Forward>) =>
            verdicts(ours({ ...at, ...forward }), found(port("2022", "tcp", toPort, "10.0.0.9")), inInternal);
        assert.deepEqual(verdict("2000-2030", { toPort: undefined }), ["conflict"]);
        assert.deepEqual(verdict("17-18", { toPort: 17 }), ["conflict"]);
        assert.deepEqual(verdict("", { toPort: undefined }), ["equal"]);
        const range = { ...at, from: 2000, to: 2030, toPort: undefined };
        const same = found(port("2000-2030", "tcp", "2000-2030", "10.0.0.9"));
        assert.deepEqual(verdicts(ours(range), same, inInternal), ["equal"]);
        assert.deepEqual(verdicts(ours(at), found(port("2022", "tcp", "22", "")), inInternal), ["conflict"]);
    });
    it("is read by every word of a rich rule", () => {
        const forward = 'forward-port port="2022" protocol="tcp" to-port="22" to-addr="10.0.0.9"';
        const verdict = (rule: string, more: Partial<Forward> = {}) =>
            verdicts(ours({ zone: "internal", ...more }), found(rich(rule)), inInternal);
        assert.deepEqual(verdict(`rule family="ipv4" ${forward}`), ["equal"]);
        assert.deepEqual(verdict(`rule family="ipv6" ${forward}`), []);
        assert.deepEqual(verdict(`rule family="ipv4" destination address="203.0.113.20" ${forward}`), ["beside"]);
        assert.deepEqual(verdict(`rule family="ipv4" source address="10.0.0.0/8" ${forward}`), ["conflict"]);
        const peers = { sourceCidrs: ["10.0.0.0/8"] };
        assert.deepEqual(verdict(`rule family="ipv4" source address="10.0.0.0/8" ${forward}`, peers), ["equal"]);
        assert.deepEqual(verdict(`rule family="ipv4" source NOT address="10.0.0.0/8" ${forward}`, peers), []);
        for (const strange of ['source ipset="peers"', 'source mac="00:11:22:33:44:55"', 'priority="-5"'])
            assert.deepEqual(verdict(`rule family="ipv4" ${strange} ${forward}`), ["conflict"], strange);
        assert.deepEqual(verdict(`rule family="ipv4" ${forward} log prefix="x" level="info"`), ["conflict"]);
    });
    it("of a policy is seen, whichever zones lead to it, and stays", () => {
        const policies = {
            mine: { ingress: ["ANY"], forwardPorts: [["2022", "tcp", "22", "10.0.0.9"]], richRules: [] },
            own: { ingress: ["HOST"], forwardPorts: [["2022", "tcp", "22", "10.0.0.9"]], richRules: [] },
        };
        const rules = foreignInPolicies(seen({}, { policies }));
        assert.deepEqual(verdicts(ours(), rules, inPublic), ["conflict"]);
        assert.match(JSON.stringify(rules.map(twinOf)), /firewalld's policy mine, which is left alone/);
    });
});
