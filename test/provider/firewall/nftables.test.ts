import { strict as assert } from "node:assert";
import type { Change, Forward } from "../../../provider/firewall";
import { chooseBackend, obstacle } from "../../../provider/firewall/backend";
import { describeHost } from "../../../provider/firewall/host-firewall";
import { formatLedger, parseLedger } from "../../../provider/firewall/ledger";
import { markRules, natRules } from "../../../provider/firewall/own-table";
import { planChanges } from "../../../provider/firewall/plan";
import { parseSeen, type Seen } from "../../../provider/firewall/seen";
import { transactionOf } from "../../../provider/firewall/transaction";

const ssh: Forward = { protocol: "tcp", from: 2022, to: 2022, toAddress: "172.18.0.2", toPort: 22, persist: true };
const change = (more: Partial<Change> = {}): Change => ({
    owner: { tag: "a", name: "urn:a" },
    forward: ssh,
    backend: "auto",
    adopt: false,
    rollbackSeconds: 30,
    ...more,
});

const json = (name: string, rules: object[] = [], chains: object[] = []): string =>
    `==nft ip ${name}\n${JSON.stringify({
        nftables: [
            { metainfo: { version: "1.0.6", json_schema_version: 1 } },
            { table: { family: "ip", name, handle: 1 } },
            ...chains.map((chain) => ({ chain: { family: "ip", table: name, ...chain } })),
            ...rules.map((rule) => ({ rule: { family: "ip", table: name, handle: 2, ...rule } })),
        ],
    })}\n`;
/** As Docker 29 prints what it lets through for its option. */
const accept = (left: object, right: number): object => ({
    chain: "filter-FORWARD",
    comment: "ALLOW FW MARK",
    expr: [{ match: { op: "==", left, right } }, { counter: { packets: 0, bytes: 0 } }, { accept: null }],
});
const mark = { meta: { key: "mark" } };
const marked = json("docker-bridges", [accept({ "&": [mark, 65536] }, 65536)]);
const unmarked = json("docker-bridges", [
    { chain: "filter-FORWARD", expr: [{ match: { op: "==", left: mark, right: 7 } }, { drop: null }] },
]);
const iptables = ({ policy = "ACCEPT", docker = false } = {}): string =>
    `==save nft /usr/sbin/iptables-nft
*nat
:PREROUTING ACCEPT
COMMIT
*filter
:FORWARD ${policy}
${docker ? ":DOCKER-USER -\n-A FORWARD -j DOCKER-USER" : ""}
COMMIT
`;
const host = ({ tables = "", ledger = "", means = "nft\nsystemd\nunit enabled", networks = "" } = {}): Seen =>
    parseSeen(
        `==machine
0123456789abcdef0123456789abcdef
==ipforward
1
==ledger
${ledger}
${tables}
==firewalld
==addresses
2: eth0    inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0
${networks}
==links
eth0
lan1
br-1 bridge
==persist
${means}
==fingerprint
f00
`,
        "root@h1",
    );

describe("the back end of a host with nftables", () => {
    const docker = { docker: true };
    const dropping = { docker: true, policy: "DROP" };
    for (const [what, tables, backend, why] of [
        ["no iptables", "", "nftables", "there is no iptables, and firewalld does not run"],
        ["Docker's nftables rules", marked, "nftables", "Docker uses nftables, and firewalld does not run"],
        ["those and iptables", iptables() + marked, "nftables", "Docker uses nftables, and firewalld does not run"],
        [
            "those and remains of an earlier Docker that drop",
            iptables(dropping) + marked,
            "iptables",
            "Docker uses nftables, chains of an earlier Docker drop packets in iptables-nft, and firewalld does not run",
        ],
        [
            "Docker's chains",
            iptables(docker),
            "iptables",
            "Docker's chains live in iptables-nft, and firewalld does not run",
        ],
    ] as const)
        it(`is ${backend} with ${what}`, () => {
            const chosen = chooseBackend(host({ tables }), "auto", "h1");
            assert.deepEqual([chosen.backend, chosen.why], [backend, why]);
        });

    for (const [what, wanted, tables, means, told] of [
        ["nothing at all", "auto", "", "systemd", /neither nft, nor iptables, nor a running firewalld/],
        ["Docker's iptables chains", "nftables", iptables(docker), "nft", /Docker uses iptables-nft there and drops/],
        ["no iptables", "iptables", "", "nft", /iptables was not found there/],
        ["no firewalld", "firewalld", "", "nft", /firewalld does not run there/],
    ] as const)
        it(`is refused as ${wanted} with ${what}`, () => {
            assert.throws(() => chooseBackend(host({ tables, means }), wanted, "h1"), told);
        });
});

describe("an nftables forward", () => {
    it("is warned of a chain of somebody else's that drops what it does not know", () => {
        const chains = [
            { name: "input", type: "filter", hook: "input", prio: 0, policy: "drop" },
            { name: "fwd", type: "filter", hook: "forward", prio: 0, policy: "drop" },
        ];
        const { warnings } = planChanges(host({ tables: json("site", [], chains) }), [change()], "h1");
        assert.deepEqual(warnings.slice(0, 1), [
            "h1 drops forwarded packets in the chain fwd of the nft table ip site: a forward reaches its target only where a " +
                "rule there accepts it, such as ct status dnat accept.",
        ]);
        assert.equal(planChanges(host({ tables: iptables() }), [change()], "h1").warnings.length, 0);
    });
});

describe("the mark that Docker's nftables rules ask for", () => {
    for (const [left, right, read, text, value] of [
        [{ "&": [mark, 65536] }, 65536, "0x10000/0x10000", "meta mark | 0x00010000", { "|": [mark, 65536] }],
        [mark, 1, "0x1/0xffffffff", "0x00000001", 1],
        [
            { "&": [mark, 0xff00] },
            0x100,
            "0x100/0xff00",
            "meta mark & 0xffff01ff | 0x00000100",
            { "|": [{ "&": [mark, 0xffff01ff] }, 256] },
        ],
    ] as const)
        it(`is ${read}, and set as ${text}`, () => {
            const { bridges } = chooseBackend(
                host({ tables: json("docker-bridges", [accept(left, right)]) }),
                "auto",
                "h",
            );
            assert.equal(bridges?.mark, read);
            const [rule] = markRules(ssh, "a", bridges.mark);
            assert.match(rule?.text ?? "", new RegExp(`meta mark set ${text.replace("|", "\\|")} comment`));
            assert.deepEqual(rule?.json.expr.at(-1), { mangle: { key: mark, value } });
        });

    it("stands in the ledger, which is of version 2 then, and in a table that knows no other flow", () => {
        const seen = host({ tables: marked });
        const plan = planChanges(seen, [change()], "h1");
        const text = formatLedger(plan.ledger);
        assert.equal(text.split("\n")[0], '{"version":2}');
        assert.equal(parseLedger(text, "h1").get("a")?.mark, "0x10000/0x10000");
        assert.deepEqual(transactionOf(plan, seen, [change()]).files["now.nft"]?.split("\n"), [
            "add table ip pulumi-isardvdi",
            "add chain ip pulumi-isardvdi prerouting { type nat hook prerouting priority -101; policy accept; }",
            "add chain ip pulumi-isardvdi forward { type filter hook forward priority -10; policy accept; }",
            'add rule ip pulumi-isardvdi prerouting fib daddr type local tcp dport 2022 dnat to 172.18.0.2:22 comment "pulumi-isardvdi:a"',
            "add rule ip pulumi-isardvdi forward meta l4proto tcp ct status dnat ct reply ip saddr 172.18.0.2 ct original proto-dst 2022 " +
                'ct reply proto-src 22 meta mark set meta mark | 0x00010000 comment "pulumi-isardvdi:a"',
            "",
        ]);
    });

    it("is refused where Docker was not told of one, with the lines of its file and what a restart costs", () => {
        const seen = host({ tables: unmarked });
        const told = obstacle(chooseBackend(seen, "auto", "h1"), ssh, seen, "h1")?.message ?? "";
        assert.match(told, /docker-bridges/);
        assert.match(told, /"bridge-accept-fwmark": "0x10000\/0x10000" to \/etc\/docker\/daemon\.json/);
        assert.match(told, /stops every container, unless "live-restore": true/);
        const { refused } = planChanges(seen, [change()], "h1");
        assert.equal(refused.get("a")?.message, told);
    });

    it("is needed by what goes to Docker's bridges, or nobody knows where to, and by nothing else", () => {
        const table = { chain: "filter-FORWARD", expr: [{ drop: null }] };
        const seen = host({
            tables: json("docker-bridges", [table], [{ name: "filter-forward-in__br-1" }]),
            networks: [
                "3: lan1    inet 10.9.0.1/16 brd 10.9.255.255 scope global lan1",
                "4: br-1    inet 10.9.8.1/24 brd 10.9.8.255 scope global br-1",
            ].join("\n"),
        });
        const isRefused = (toAddress: string): boolean =>
            planChanges(seen, [change({ forward: { ...ssh, toAddress } })], "h1").refused.size > 0;
        for (const address of ["10.9.8.7", "172.31.255.17"]) assert.ok(isRefused(address), address);
        // the network of the bridge is the narrower one
        for (const address of ["10.9.7.7", "10.9.9.7", "10.0.0.3"]) assert.ok(!isRefused(address), address);
        const forward = { ...ssh, toAddress: "10.9.7.7" };
        const { ledger } = planChanges(seen, [change({ forward })], "h1");
        const there = { ...seen, ledger };
        const described = describeHost(there, chooseBackend(there, "auto", "h1"), "h1");
        assert.ok(!described.forwards.get("a")?.missing.some((line) => line.includes("bridge-accept-fwmark")));
        assert.deepEqual([described.obstacle(forward), described.obstacle(ssh)?.code], [undefined, "unsupported"]);
    });

    const entry = (more: object): string =>
        JSON.stringify({ owner: { tag: "a", name: "urn:a" }, forward: ssh, backend: "nftables", ...more });
    const missing = (tables: string, more: object): string[] => {
        const seen = host({ tables, ledger: `{"version":2}\n${entry(more)}` });
        const { forwards } = describeHost(seen, chooseBackend(seen, "auto", "h1"), "h1");
        return forwards.get("a")?.missing ?? [];
    };
    const markText = markRules(ssh, "a", "0x10000/0x10000")[0]?.text ?? "";
    const natText = natRules(ssh, "a")[0]?.text ?? "";
    for (const [what, tables, more, lacks] of [
        ["no table of ours", marked, { mark: "0x10000/0x10000" }, [natText, markText]],
        ["a forward of iptables, from before Docker's switch", iptables() + marked, { backend: "iptables" }, markText],
        [
            "a Docker that forgot its option",
            unmarked,
            { mark: "0x10000/0x10000" },
            "Docker's option bridge-accept-fwmark",
        ],
        [
            "a Docker that is back with iptables",
            iptables({ docker: true }),
            {},
            "an accept in DOCKER-USER, for Docker uses iptables there",
        ],
    ] as const)
        it(`is missed with ${what}`, () => {
            const found = missing(tables, more);
            for (const text of [lacks].flat()) assert.ok(found.includes(text), found.join("\n"));
        });
});
