import { strict as assert } from "node:assert";
import type { Forward } from "../../../provider/firewall";
import { planChanges } from "../../../provider/firewall/plan";
import { parseSeen, type Seen } from "../../../provider/firewall/seen";

const id = (start: string): string => start.padEnd(64, "0");
const forward: Forward = { protocol: "tcp", from: 2022, to: 2022, toAddress: "172.31.255.17", persist: true };

interface Host {
    /** Link, its address, and what the kernel says of it. */
    links: [string, string, string?][];
    docker?: string;
    rules?: string;
    native?: string;
}

/** With firewalld, which puts a forward in for each address of the host's own. */
const host = ({ links, docker = "", rules = "", native = "" }: Host): Seen =>
    parseSeen(
        `==machine
0123456789abcdef0123456789abcdef
==ipforward
1
==ledger
==save nft /usr/sbin/iptables-nft
${rules}
${native}
==firewalld
${JSON.stringify({
    backend: "nftables",
    defaultZone: "public",
    zones: { public: { interfaces: [], sources: [], forwardPorts: [], richRules: [] } },
    permanent: {},
    direct: [],
    permanentDirect: [],
    chain: [],
})}
==addresses
${links.map(([link, address], index) => `${index + 1}: ${link}    inet ${address}/24 scope global ${link}`).join("\n")}
==links
${links.map(([link, , kind = ""]) => `${link} ${kind}`).join("\n")}
veth1 port
${docker}
==persist
systemd
==fingerprint
f00
`,
        "h1",
    );

const plan = (seen: Seen, more: Partial<Forward> = {}): ReturnType<typeof planChanges> =>
    planChanges(
        seen,
        [
            {
                owner: { tag: "a", name: "urn:a" },
                forward: { ...forward, ...more },
                backend: "auto",
                adopt: false,
                rollbackSeconds: 30,
            },
        ],
        "h1",
    );
const addresses = (seen: Seen): string[] | undefined => plan(seen).ledger.get("a")?.put?.addresses;

type Link = Host["links"][number];
const uplink: Link = ["br-lan", "10.0.0.2", "bridge"];
const own: Link = ["br-0123456789ab", "172.18.0.1", "bridge"];
const named: Link = ["mynet0", "172.19.0.1", "bridge"];

describe("which bridges are Docker's", () => {
    const cases: Record<string, [Host, string[]]> = {
        "by the networks that it lists, with a name of their own or with none": [
            {
                links: [uplink, own, named],
                docker: `==docker 0\n${id("0123456789abcdef")} \n${id("fedcba9876543210")} mynet0`,
            },
            ["10.0.0.2"],
        ],
        "none by its name alone": [
            { links: [uplink, ["docker1", "172.17.0.1", "bridge"], ["vethernet", "10.1.0.2"]] },
            ["10.0.0.2", "10.1.0.2", "172.17.0.1"],
        ],
        "by the rules of its chains where it does not run": [
            {
                links: [uplink, own, named],
                docker: "==docker stopped",
                rules: [
                    "*filter",
                    "-A FORWARD -i br-lan -j DOCKER-USER",
                    "-A FORWARD -o br-0123456789ab -j DOCKER",
                    "-A DOCKER-USER -i br-lan -j ACCEPT",
                    "-A DOCKER-ISOLATION-STAGE-2 -o mynet0 -j DROP",
                    "-A DOCKER ! -i eth9 -o eth9 -j DROP",
                ].join("\n"),
            },
            ["10.0.0.2"],
        ],
        "by the chains of its nftables back end": [
            {
                links: [uplink, named],
                native: `==nft ip docker-bridges\n${JSON.stringify({
                    nftables: [
                        { metainfo: { json_schema_version: 1 } },
                        { table: { family: "ip", name: "docker-bridges" } },
                        { chain: { family: "ip", table: "docker-bridges", name: "filter-forward-in__mynet0" } },
                    ],
                })}`,
            },
            ["10.0.0.2"],
        ],
    };
    for (const [name, [machine, expected]] of Object.entries(cases))
        it(name, () => {
            const seen = host(machine);
            // Docker's nftables back end is an obstacle of its own
            const left = machine.native
                ? machine.links.filter(([link]) => !seen.docker.bridges.has(link)).map(([, address]) => address)
                : addresses(seen);
            assert.deepEqual(left, expected);
        });

    it("is not known while it is silent: no forward is put in, and the one that is there can go", () => {
        const links = [uplink, own];
        for (const [docker, said] of [
            ["==docker 124\n", "Docker did not answer within 5 s"],
            ["==docker 1\nwhat\npermission denied", "Docker did not tell its networks (permission denied)"],
        ] as const) {
            const silent = host({ links, docker, rules: "*filter\n-A DOCKER-CT -o br-0123456789ab -j ACCEPT" });
            const { message = "", code } = plan(silent).refused.get("a") ?? {};
            assert.equal(code, "unsupported");
            assert.ok(message.includes(`: ${said}, and no rule of it names br-lan, so whether`), message);
            const gone = { owner: { tag: "a", name: "urn:a" }, forward: undefined } as const;
            const how = { backend: "auto", adopt: false, rollbackSeconds: 30 } as const;
            assert.equal(planChanges(silent, [{ ...gone, ...how }], "h1").refused.size, 0);
            // every bridge is one by its rules, or has no address
            const clear = host({
                links: [["eth0", "10.0.0.2"], own],
                docker,
                rules: "*nat\n-A DOCKER -i br-0123456789ab -j RETURN",
            });
            assert.deepEqual([plan(clear).refused.size, addresses(clear)], [0, ["10.0.0.2"]]);
        }
    });

    it("that does not run is a warning: its bridges carry nothing", () => {
        const { warnings, refused } = plan(host({ links: [uplink], docker: "==docker stopped" }));
        assert.equal(refused.size, 0);
        assert.match(warnings.join("\n"), /^h1: Docker does not run there, and no rule of it names br-lan/);
        assert.deepEqual(plan(host({ links: [["eth0", "10.0.0.2"]], docker: "==docker stopped" })).warnings, []);
    });

    it("takes a bridge for the interface where packets come in, and offers no port of one", () => {
        const seen = host({ links: [uplink] });
        assert.deepEqual(plan(seen, { inInterface: "br-lan" }).refused.size, 0);
        const error = plan(seen, { inInterface: "veth9" }).refused.get("a");
        assert.match(error?.message ?? "", /has no link "veth9".*Links there: br-lan\./);
    });
});
