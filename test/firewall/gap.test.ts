import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { Lab } from "../lab/lab";
import { needsLab } from "../lab/skip";
import { callWith, change, DirectRemote, ssh } from "./harness";
import { during, type Traffic } from "./traffic";

/** Milliseconds in which nothing may arrive. */
const gaps = {
    "iptables-nft": 0,
    "iptables-legacy": 0,
    "firewalld-nftables": 1000,
    "firewalld-iptables": 1000,
} as const;
type Kind = keyof typeof gaps;

describe("the traffic of a forward", function () {
    this.timeout(120_000);
    const firewall = openFirewall();
    before(needsLab);
    for (const kind of Object.keys(gaps) as Kind[]) {
        it(`goes on while the forward is taken over, and while it is changed: ${kind}`, async () => {
            const lab = await Lab.start();
            try {
                const [host, client] = await Promise.all([
                    lab.host("h1", { docker: { hypervisorSsh: [22, 2022] }, firewall: kind }),
                    lab.host("client"),
                ]);
                const remote = new DirectRemote(host);
                const way = { host, client, port: 2022 };
                await host.must(byHand(kind));
                const taken = change("a", ssh, { adopt: true });
                goesOn(kind, "taken over", await during(() => firewall.apply(remote, [taken], callWith()), way));
                // another target and other sources, both of which answer the client
                const other = change("a", { ...ssh, toPort: 22, sourceCidrs: [`${client.address}/32`] });
                goesOn(kind, "changed", await during(() => firewall.apply(remote, [other], callWith()), way));
                const seen = await firewall.inspect(remote, "auto", callWith());
                assert.deepEqual(seen.forwards.get("a")?.missing, []);
                assert.deepEqual(seen.foreign, [], "the rule made by hand is still there");
            } finally {
                await lab.stop();
            }
        });
    }
});

function goesOn(kind: Kind, what: string, { tries, lost, gapMs }: Traffic): void {
    console.log(`      ${kind}, ${what}: ${lost} of ${tries} connections lost, ${gapMs} ms without any`);
    assert.ok(tries > 50, `${tries} tries tell nothing`);
    assert.ok(gapMs <= gaps[kind], `nothing arrived for ${gapMs} ms`);
    if (gaps[kind] === 0) assert.equal(lost, 0);
}

/** As the manual has an administrator type it, with the accept that Docker needs. */
function byHand(kind: Kind): string {
    const accept = "-p tcp -d 172.31.255.17 --dport 2022 -m conntrack --ctstate DNAT -j ACCEPT";
    if (kind.startsWith("iptables"))
        return `iptables -t nat -A PREROUTING -p tcp --dport 2022 -j DNAT --to-destination 172.31.255.17:2022
            iptables -I DOCKER-USER ${accept}`;
    const forward = "--add-forward-port=port=2022:proto=tcp:toport=2022:toaddr=172.31.255.17";
    return `for how in --permanent ""; do
            firewall-cmd -q $how ${forward}
            firewall-cmd -q $how --direct --add-chain ipv4 filter DOCKER-USER || true
            firewall-cmd -q $how --direct --add-rule ipv4 filter DOCKER-USER 0 ${accept}
        done`;
}
