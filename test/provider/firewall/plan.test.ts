import { strict as assert } from "node:assert";
import type { Change, Forward } from "../../../provider/firewall";
import { type Ledger, formatLedger, parseLedger } from "../../../provider/firewall/ledger";
import { planChanges } from "../../../provider/firewall/plan";
import { parseSeen } from "../../../provider/firewall/seen";
import { transactionOf } from "../../../provider/firewall/transaction";

const ssh: Forward = { protocol: "tcp", from: 2022, to: 2022, toAddress: "172.31.255.17", toPort: 22, persist: true };

const change = (tag: string, forward?: Forward, more: Partial<Change> = {}): Change => ({
    owner: { tag, name: `urn:${tag}` },
    forward,
    backend: "auto",
    adopt: false,
    rollbackSeconds: 30,
    ...more,
});

/** As the probe prints a host with Docker in iptables-legacy. */
function host({ nat = "", ledger = "", more = "", firewalld = "" } = {}): ReturnType<typeof parseSeen> {
    return parseSeen(
        `==machine
0123456789abcdef0123456789abcdef
==default
iptables v1.8.9 (nf_tables)
==ipforward
1
==ledger
${ledger}
==save nft /usr/sbin/iptables-nft
*nat
:PREROUTING ACCEPT
COMMIT
==save legacy /usr/sbin/iptables-legacy
*nat
:PREROUTING ACCEPT
:DOCKER -
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER ! -i br-1 -p tcp -m tcp --dport 443 -j DNAT --to-destination 172.31.255.22:443
${nat}
COMMIT
*filter
:FORWARD DROP
:DOCKER-USER -
-A FORWARD -j DOCKER-USER
COMMIT
==firewalld
${firewalld}
==addresses
2: eth0    inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever preferred_lft forever
==links
eth0
lo
==persist
systemd
conntrack
${more}
==fingerprint
f00
`,
        "root@h1",
    );
}

const manual = "-A PREROUTING -p tcp -m tcp --dport 2022 -j DNAT --to-destination 172.31.255.17:22";

describe("the plan for a host's firewall", () => {
    it("uses the iptables that holds Docker's chains, and says so", () => {
        const { chosen } = planChanges(host(), [], "h1");
        assert.equal(chosen.tool?.path, "/usr/sbin/iptables-legacy");
        assert.match(chosen.why, /Docker's chains live in iptables-legacy/);
    });
    it("refuses one change and lets the others through", () => {
        const { ledger, refused } = planChanges(
            host({ nat: manual }),
            [
                change("a", ssh),
                change("b", { ...ssh, from: 2023, to: 2023 }),
                change("c", { ...ssh, from: 400, to: 500 }),
            ],
            "h1",
        );
        assert.deepEqual([...ledger.keys()], ["b"]);
        assert.match(
            refused.get("a")?.message ?? "",
            /an equal rule, which is not ours, is there already: -A PREROUTING/,
        );
        assert.match(refused.get("c")?.message ?? "", /172.31.255.22:443/);
        assert.equal(refused.get("c")?.code, "conflict");
    });
    it("names the owner of the forward that is in the way", () => {
        const entries: Ledger = new Map([
            ["other", { owner: { tag: "other", name: "urn:other" }, forward: ssh, backend: "iptables" }],
        ]);
        const seen = host({ ledger: formatLedger(entries) });
        const { refused } = planChanges(seen, [change("a", { ...ssh, from: 2000, to: 3000 })], "h1");
        assert.match(refused.get("a")?.message ?? "", /urn:other already forwards tcp 2022/);
        const apart = planChanges(seen, [change("a", { ...ssh, protocol: "udp" })], "h1");
        assert.equal(apart.refused.size, 0);
        const swapped = planChanges(seen, [change("a", ssh), change("other")], "h1");
        assert.deepEqual([...swapped.ledger.keys()], ["a"]);
    });
    it("tells forwards apart by where the packets come from", () => {
        const both = [
            change("a", { ...ssh, sourceCidrs: ["10.0.0.0/16"] }),
            change("b", { ...ssh, sourceCidrs: ["10.1.0.0/16"] }),
            change("c", { ...ssh, sourceCidrs: ["10.1.2.0/24"] }),
        ];
        assert.deepEqual([...planChanges(host(), both, "h1").refused.keys()], ["c"]);
    });
    it("refuses a forward where Docker's own nftables rules would drop it, and takes one out all the same", () => {
        const table = JSON.stringify({
            nftables: [
                { metainfo: { json_schema_version: 1 } },
                { table: { family: "ip", name: "docker-bridges", handle: 1 } },
            ],
        });
        const seen = host({ more: `==nft ip docker-bridges\n${table}` });
        const error = planChanges(seen, [change("a", ssh)], "h1").refused.get("a");
        assert.match(error?.message ?? "", /nftables back end .*drops every packet.*daemon\.json.*live-restore/);
        const old = planChanges(host(), [change("a", ssh)], "h1").ledger;
        const there = host({ more: `==nft ip docker-bridges\n${table}`, ledger: formatLedger(old) });
        const gone = planChanges(there, [change("a", undefined)], "h1");
        assert.deepEqual([gone.ledger.size, gone.refused.size], [0, 0]);
    });
    it("refuses a host of which a table is printed in no form that is known", () => {
        assert.throws(
            () => host({ more: "==nft inet theirs\ntable inet theirs {}" }),
            /inet theirs is not printed in the form/,
        );
    });
    for (const settings of ["{", '{"zones":{"public":null}}', '{"zones":{},"permanent":{},"direct":[[1]]}'])
        it(`refuses a host whose firewalld is told as ${settings}`, () => {
            assert.throws(() => host({ firewalld: settings }), /firewalld's settings are not told in a form/);
        });
    it("adopts an equal foreign rule by its exact text, and could put it back in its place", () => {
        const changes = [change("a", ssh, { adopt: true })];
        const seen = host({ nat: manual });
        const plan = planChanges(seen, changes, "h1");
        assert.equal(plan.refused.size, 0);
        const { adopt, giveBack } = transactionOf(plan, seen, changes);
        assert.equal(adopt, `*nat\n${manual.replace("-A", "-D")}\nCOMMIT\n`);
        assert.equal(giveBack, `*nat\n${manual.replace("-A PREROUTING", "-I PREROUTING 2")}\nCOMMIT\n`);
        const other = planChanges(seen, [change("a", { ...ssh, toPort: 2022 }, { adopt: true })], "h1");
        assert.match(other.refused.get("a")?.message ?? "", /wants the same packets/);
    });
    for (const [property, forward] of Object.entries({
        toAddress: { ...ssh, toAddress: "$(reboot)" },
        port: { ...ssh, from: 3000, to: 2000 },
        toPort: { ...ssh, toPort: 70000 },
        sourceCidrs: { ...ssh, sourceCidrs: ["10.0.0.1/8"] },
        inInterface: { ...ssh, inInterface: "eth7" },
        zone: { ...ssh, zone: "public" },
    } satisfies Record<string, Forward>)) {
        it(`refuses a bad ${property}`, () => {
            const error = planChanges(host(), [change("a", forward)], "h1").refused.get("a");
            assert.equal(error?.code, "bad-input");
            assert.equal(error?.property, property);
        });
    }
    it("lets nothing that begins as an option come to a host, and takes out what is there by its tag", () => {
        for (const [property, forward] of Object.entries({
            toAddress: { ...ssh, toAddress: "-f/etc/shadow" },
            inInterface: { ...ssh, inInterface: "-eth0" },
            zone: { ...ssh, zone: "--reload" },
        } satisfies Record<string, Forward>)) {
            const { refused } = planChanges(host(), [change("a", forward)], "h1");
            assert.match(refused.get("a")?.seen ?? "", new RegExp(`^${property} is "-`));
        }
        const gone = planChanges(host(), [{ ...change("a", ssh), forward: undefined }], "h1");
        assert.equal(gone.refused.size, 0);
    });
    it("keeps what is to come back after a boot apart from what is not", () => {
        const changes = [change("a", ssh), change("b", { ...ssh, from: 3000, to: 3000, persist: false })];
        const seen = host();
        const { files } = transactionOf(planChanges(seen, changes, "h1"), seen, changes);
        assert.equal((files["now.nat"] ?? "").split("\n").length, 3);
        assert.equal((files["boot.nat"] ?? "").split("\n").length, 2);
        assert.deepEqual([...parseLedger(files["ledger"] ?? "", "root@h1").keys()], ["a", "b"]);
    });
    it("refuses a back end that the host does not run", () => {
        const error = planChanges(host(), [change("a", ssh, { backend: "firewalld" })], "h1").refused.get("a");
        assert.match(error?.message ?? "", /firewalld does not run there/);
    });
    it("gives firewalld a quarter of a second for each entry, those that go out too", () => {
        const tags = Array.from({ length: 400 }, (_, index) => `t${index}`);
        const put = { zones: ["public"], addresses: ["10.0.0.2"], docker: false };
        const lines = tags.map((tag, index) => {
            const forward = { ...ssh, from: 10_000 + index, to: 10_000 + index };
            return JSON.stringify({ owner: { tag, name: `urn:${tag}` }, forward, backend: "firewalld", put });
        });
        const seconds = (seen: ReturnType<typeof parseSeen>, gone: string[]): number => {
            const changes = gone.map((tag) => change(tag));
            return transactionOf(planChanges(seen, changes, "h1"), seen, changes).putSeconds;
        };
        const full = host({ ledger: [JSON.stringify({ version: 1 }), ...lines].join("\n") });
        // a rich rule each, before and after
        assert.equal(seconds(full, []), 60 + 800 / 4);
        assert.equal(seconds(full, tags), 60 + 400 / 4);
        assert.equal(seconds(host(), []), 60);
    });
});
