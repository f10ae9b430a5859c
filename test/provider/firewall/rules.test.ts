import { strict as assert } from "node:assert";
import { desiredRules, type Forward } from "../../../provider/firewall";
import { entriesOf } from "../../../provider/firewall/zones";

const owner = { tag: "abc123", name: "urn:a" };
const ssh: Forward = { protocol: "tcp", from: 2022, to: 2022, toAddress: "172.31.255.17", toPort: 22, persist: true };

describe("the rules of a forward", () => {
    it("match the host's own addresses only, and open the forwarded flow only", () => {
        assert.deepEqual(desiredRules(ssh, "iptables", owner), [
            '-t nat -A ISARDVDI-DNAT -p tcp -m addrtype --dst-type LOCAL -m tcp --dport 2022 -m comment --comment "pulumi-isardvdi:abc123" -j DNAT --to-destination 172.31.255.17:22',
            '-t filter -A ISARDVDI-FWD -p tcp -m conntrack --ctstate DNAT --ctreplsrc 172.31.255.17 --ctorigdstport 2022 --ctreplsrcport 22 -m comment --comment "pulumi-isardvdi:abc123" -j ACCEPT',
        ]);
    });
    it("give a range no target port where every port is kept", () => {
        const [dnat = "", accept = ""] = desiredRules(
            { ...ssh, from: 5900, to: 7899, toPort: undefined },
            "iptables",
            owner,
        );
        assert.match(dnat, /--dport 5900:7899 .* --to-destination 172\.31\.255\.17$/);
        assert.match(accept, /--ctorigdstport 5900:7899 --ctreplsrcport 5900:7899/);
    });
    it("are one for each source, in the form that iptables-save prints", () => {
        const forward = { ...ssh, sourceCidrs: ["10.0.0.0/8", "192.0.2.7"], inInterface: "eth0" };
        const rules = desiredRules(forward, "iptables", owner);
        assert.equal(rules.length, 4);
        assert.match(rules[0] ?? "", /^-t nat -A ISARDVDI-DNAT -s 10\.0\.0\.0\/8 -i eth0 -p tcp /);
        assert.match(rules[3] ?? "", /--ctorigsrc 192\.0\.2\.7 /);
    });
    it("reach what the host itself sends, but never its loopback addresses", () => {
        const local = desiredRules({ ...ssh, local: true }, "iptables", owner)[2] ?? "";
        assert.match(local, /^-t nat -A ISARDVDI-LOCAL ! -d 127\.0\.0\.0\/8 -p tcp -m addrtype --dst-type LOCAL /);
    });
    it("are rich rules for each of the host's addresses with firewalld, and Docker's accept as direct rules", () => {
        const put = { zones: ["public"], addresses: ["10.0.0.2", "10.1.0.2"], docker: true };
        const { rich, direct } = entriesOf({ ...ssh, sourceCidrs: ["10.0.0.0/8"] }, "abc123", put);
        assert.deepEqual(rich[1], [
            "public",
            'rule family="ipv4" source address="10.0.0.0/8" destination address="10.1.0.2" forward-port port="2022" protocol="tcp" to-port="22" to-addr="172.31.255.17"',
            true,
        ]);
        assert.deepEqual(
            direct.map(([table, chain]) => `${table} ${chain}`),
            ["filter DOCKER-USER"],
        );
        assert.equal(direct[0]?.[2].includes('"pulumi-isardvdi:abc123"'), false, "quotes are no part of an argument");
        assert.deepEqual(entriesOf(ssh, "abc123", { ...put, docker: false }).direct, []);
    });
    it("are shown before the host is known", () => {
        const [rich = ""] = desiredRules({ ...ssh, zone: "hyper" }, "firewalld", owner);
        assert.match(rich, /^zone \(hyper\): rule family="ipv4" destination address="each address of the host"/);
    });
});
