import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import type { Firewall } from "../lab/firewall";
import { callWith, change, DirectRemote, ssh } from "./harness";
import type { Ground } from "./matrix";
import { during, type Traffic } from "./traffic";

export type Kind = Exclude<Firewall, "none">;

/** How often the traffic may stop for a moment in one change: firewalld takes one entry out and puts one in. */
const stops: Record<Kind, number> = {
    "iptables-nft": 0,
    "iptables-legacy": 0,
    "firewalld-nftables": 1,
    "firewalld-iptables": 1,
    nftables: 0,
};

/** The traffic of a forward while it is changed. */
export function goesOn(kind: Kind, ground: () => Ground): void {
    const firewall = openFirewall();
    it(`have traffic that goes on while a forward is taken over, and while it is changed: ${kind}`, async () => {
        const { host, client } = ground();
        const remote = new DirectRemote(host);
        const way = { host, client, port: 2022 };
        await host.must(byHand(kind));
        const taken = change("a", ssh, { adopt: true });
        look(kind, "taken over", await during(() => firewall.apply(remote, [taken], callWith()), way));
        // another target and other sources, both of which answer the client
        const other = change("a", { ...ssh, toPort: 22, sourceCidrs: [`${client.address}/32`] });
        look(kind, "changed", await during(() => firewall.apply(remote, [other], callWith()), way));
        const seen = await firewall.inspect(remote, "auto", callWith());
        assert.deepEqual([...seen.forwards.keys()], ["a"]);
        assert.deepEqual(seen.forwards.get("a")?.missing, []);
        assert.deepEqual(seen.foreign, [], "the rule made by hand is still there");
    });
}

function look(kind: Kind, what: string, { tries, lost, stopped, gapMs }: Traffic): void {
    console.log(`      ${kind}, ${what}: ${lost} of ${tries} connections lost, ${gapMs} ms without any`);
    assert.ok(tries > 50, `${tries} tries tell nothing`);
    assert.ok(stopped <= stops[kind], `the traffic stopped ${stopped} times`);
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
