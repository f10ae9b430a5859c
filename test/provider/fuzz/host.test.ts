import { strict as assert } from "node:assert";
import fc from "fast-check";
import { openFirewall } from "../../../provider/firewall";
import { rebuiltLedger } from "../../../provider/firewall/rebuild";
import { hostFacts } from "../../../provider/diagnosis/probe/host";
import { sectionsOf } from "../../../provider/diagnosis/probe/sections";
import { serverFacts } from "../../../provider/diagnosis/probe/server";
import { judge } from "../../../provider/diagnosis/judge";
import { render } from "../../../provider/diagnosis/render";
import { runJob } from "../../../provider/isardvdi-cfg/host/job";
import { lost } from "../../../provider/isardvdi-cfg/host/failure";
import { inspect } from "../../../provider/isardvdi-cfg/host/inspect";
import { placeOf } from "../../../provider/isardvdi-cfg/place";
import type { Remote } from "../../../provider/remote";
import { flowsOf } from "../../../provider/verification/flows";
import { testWorld } from "../../world/world";
import { outcome, secret, some, spoilt, twisted } from "./hostile";

/** A host that prints what it is told, one text after the other. */
function host(...texts: readonly string[]): Remote {
    let turn = 0;
    const run: Remote["run"] = () => {
        const stdout = texts[Math.min(turn, texts.length - 1)] ?? "";
        turn += 1;
        return Promise.resolve({ code: 0, stdout, stderr: stdout.slice(-300) });
    };
    return { name: "root@h1:22", run, runAnew: run, connect: () => Promise.reject(new Error("not asked for")) };
}
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const zone = {
    interfaces: ["eth0"],
    sources: [],
    forwardPorts: [["443", "tcp", "8443", "172.31.255.22"]],
    richRules: ['rule family="ipv4" forward-port port="80" protocol="tcp" to-port="8080" to-addr="172.31.255.22"'],
};
const policies = { p: { ...zone, ingress: ["HOST"] } };
const firewalld = {
    ...{ backend: "nftables", defaultZone: "public", zones: { public: zone }, permanent: { public: zone }, policies },
    ...{ direct: [["filter", "FORWARD", ["-j", "ACCEPT"]]], permanentDirect: [], chain: [["ipv4", "filter", "X"]] },
};
const right = { payload: { protocol: "tcp", field: "dport" } };
const nft = {
    nftables: [
        { metainfo: { json_schema_version: 1 } },
        { table: { family: "ip", name: "mine" } },
        { chain: { name: "pre", type: "nat", hook: "prerouting", prio: -100, policy: "accept" } },
        { set: { name: "ports", elem: [22, { range: [80, 90] }] } },
        {
            rule: {
                chain: "pre",
                handle: 1,
                expr: [{ match: { op: "==", left: right, right: "@ports" } }, { jump: { target: "x" } }],
            },
        },
        {
            rule: {
                chain: "pre",
                handle: 2,
                expr: [
                    { match: { op: "==", left: right, right: 443 } },
                    { dnat: { addr: "172.31.255.22", port: 8443 } },
                ],
            },
        },
    ],
};
const forward = '"protocol":"tcp","from":2022,"to":2022,"toAddress":"172.31.255.17","toPort":22,"persist":true';
const looks = fc
    .tuple(twisted(firewalld), twisted(nft), fc.boolean())
    .map(([zones, table, isZoned]) =>
        [
            ...["==machine", "0123", "==default", "iptables v1.8.9 (nf_tables)", "==ipforward", "1", "==ledger"],
            '{"version":1}',
            `{"owner":{"tag":"aaaa","name":"urn:a"},"forward":{${forward}},"backend":"iptables"}`,
            ...["==save nft /usr/sbin/iptables-nft", "*nat", ":PREROUTING ACCEPT", ":DOCKER -", ":X -"],
            "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
            "-A PREROUTING -j X",
            '-A X -p tcp -m tcp --dport 80:90 -m comment --comment "a \\" b" -j DNAT --to-destination 172.31.255.22:80-90',
            "-A DOCKER ! -i br-1 -p tcp -m tcp --dport 443 -j DNAT --to-destination 172.31.255.22:443",
            ...["COMMIT", "*filter", ":FORWARD DROP", ":DOCKER-USER -", "-A FORWARD -j DOCKER-USER", "COMMIT"],
            ...["==nft ip mine", JSON.stringify(table), "==nftables", "table ip mine", "==firewalld"],
            ...[isZoned ? JSON.stringify(zones) : "", "==addresses", "2: eth0    inet 10.0.0.2/24 scope global eth0"],
            ...[
                "==links",
                "eth0",
                "br-1 bridge",
                "==docker 0",
                `${"0a".repeat(32)} br-1`,
                "==persist",
                "systemd",
                "==fingerprint",
                "f00",
            ],
        ].join("\n"),
    );
const spoiltLooks = fc.oneof(looks, looks.chain(spoilt));

const sections = ["containers", "nft", "wg", "ovs", "bfd", "dns", "door", "offered", "stored", "engine", "engineKeys"];
const probes = [
    ...sections.map(
        (name) => `==${name} 0\n isard-engine Up 2 days\n *nat\n peer: x\n   latest handshake: 3 minutes ago`,
    ),
    `==vpn 0\n PrivateKey = ${secret}\n password=${secret} end`,
    "==door 0\n connected\n SSH-2.0-OpenSSH\n  code 0",
    "==date 0\n 1700000000\n==ipforward 0\n 1\n==firewalld 0\n forward-ports: port=80:proto=tcp:toport=80:toaddr=1.2.3.4",
].join("\n");

const cfg = `FLAVOUR=web\nDOMAIN=d\nA='${secret}'\n#B=x\nexport C=$D E=f\n`;
const facts = `machine 0123
cfg ${base64(cfg)}
build
ledger ${base64('{"owners":{"o":"urn"},"keys":{"A":{"owner":"o","previous":null,"written":["x"]}},"shares":{}}')}
built
service isard-x
expects isard-x A
present isard-x
container isard-x true
env isard-x "DOMAIN=d"
`;
const answered = `stage building\nalive no\nresult failed build restored why\nlog ${base64("a\nb")}\nundo ${base64("c")}\n`;

describe("a host that prints anything", function () {
    this.timeout(300_000);

    it("has a firewall that is described, or a failure of ours, and its ledger is rebuilt or not", () =>
        fc.assert(
            fc.asyncProperty(spoiltLooks, async (text) => {
                const world = testWorld();
                const call = { signal: world.signal, log: world.log };
                const firewall = openFirewall({ clock: world.clock });
                await outcome(() => firewall.inspect(host(text), "auto", call));
                const owner = { tag: "bbbb", name: "urn:b" };
                const wanted = {
                    protocol: "tcp",
                    from: 8443,
                    to: 8443,
                    toAddress: "172.31.255.22",
                    persist: true,
                } as const;
                const change = { owner, forward: wanted, backend: "auto", adopt: true, rollbackSeconds: 30 } as const;
                // what comes after the look is the answer of the change, and then whatever
                await outcome(() => firewall.apply(host(text, "@changed", text, text), [change], call));
                await outcome(() => rebuiltLedger(host(text), call));
            }),
            some(0.25),
        ));

    it("is diagnosed on one screen", () =>
        fc.assert(
            fc.asyncProperty(spoilt(probes), fc.string(), async (text, detail) => {
                const seen = sectionsOf(text);
                await outcome(() => {
                    const subject = { hyperId: "h1", hostname: "h1", isDisabledOnPurpose: false };
                    const found = judge({
                        subject,
                        api: { record: undefined, error: undefined, generation: "v4", others: [detail] },
                        server: { seen: serverFacts(seen) },
                        host: { seen: hostFacts(seen) },
                    });
                    const screen = render(found);
                    assert.ok(screen.split("\n").length <= 24, screen);
                    return found;
                });
            }),
            some(0.2),
        ));

    it("has an isardvdi.cfg that is read, or a failure of ours", () =>
        fc.assert(
            fc.asyncProperty(spoilt(facts), spoilt(answered), async (text, answer) => {
                const world = testWorld();
                const call = { signal: world.signal, log: world.log };
                const place = placeOf("/opt/isard/src/isardvdi.cfg");
                const question = { place, owner: "o", services: ["isard-x"], keys: ["A", "DOMAIN"] };
                const seen = await inspectedOrFailed();
                if (!seen) return;
                const more = { settleSeconds: 1, strict: true, apply: true, services: [], owner: "o" };
                const job = { ...more, place, bytes: seen.bytes, ledger: seen.ledger };
                const remote = host("/job", answer, answer);
                const how = await outcome(() => runJob(remote, job, seen, world));
                if (how && how.kind !== "ok") assert.ok(lost(remote, place, how).message.length < 3000);

                async function inspectedOrFailed() {
                    let made: Awaited<ReturnType<typeof inspect>>;
                    // the file itself is read, and told to nobody
                    await outcome(async () => void (made = await inspect(host(text), question, call)));
                    return made;
                }
            }),
            some(0.15),
        ));

    it("has flows, or none", () =>
        fc.assert(
            fc.asyncProperty(
                spoilt(
                    "tcp 6 1 src=1.2.3.4 dst=5.6.7.8 sport=1 dport=2022 src=172.31.255.17 dst=1.2.3.4 sport=22\n".repeat(
                        3,
                    ),
                ),
                async (text) => {
                    const wanted = {
                        protocol: "tcp",
                        from: 2022,
                        to: 2022,
                        toAddress: "172.31.255.17",
                        persist: true,
                    } as const;
                    const world = testWorld();
                    await outcome(() => flowsOf(host(text), wanted, { signal: world.signal, log: world.log }));
                },
            ),
            some(0.05),
        ));
});
