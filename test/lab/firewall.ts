import type { Behind, Machine } from "../../sandbox/machine/machine";

/** What filters packets on a host. */
export type Firewall = "iptables-nft" | "iptables-legacy" | "firewalld-nftables" | "firewalld-iptables" | "none";

const NAMES = ["iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore"];

/** Chooses the iptables as Debian's alternatives do, and removes what the host does not have. */
export function firewallSetup(firewall: Firewall): string {
    if (firewall === "none") return `${removed("firewall*", "*tables*", "nft")}\n`;
    const variant = firewall === "iptables-legacy" ? "legacy" : "nft";
    const links = NAMES.map((name) => {
        const real = name.replace("tables", `tables-${variant}`);
        return `ln -sf /usr/sbin/${real} /etc/alternatives/${name}; ln -sf /etc/alternatives/${name} /usr/sbin/${name}`;
    });
    if (firewall.startsWith("iptables")) return [...links, removed("firewall*"), ""].join("\n");
    const backend = firewall === "firewalld-nftables" ? "nftables" : "iptables";
    const choose = `sed -i 's/^FirewallBackend=.*/FirewallBackend=${backend}/' /etc/firewalld/firewalld.conf`;
    // an alternative as well; polkit, where there is one, refuses root what it does not know
    const actions = "/usr/share/polkit-1/actions/org.fedoraproject.FirewallD1";
    return [...links, choose, `ln -sf ${actions}.server.policy.choice ${actions}.policy`, ""].join("\n");
}

const removed = (...names: string[]): string =>
    `rm -f ${names.flatMap((name) => [`/usr/sbin/${name}`, `/usr/bin/${name}`]).join(" ")}`;

/** Where no systemd does it. */
export async function startFirewalld(machine: Machine): Promise<void> {
    await machine.must(
        `set -e
        mkdir -p /run/dbus
        dbus-daemon --system --fork --nopidfile
        firewalld --nofork --nopid >/var/log/firewalld.log 2>&1 &
        until firewall-cmd --state >/dev/null 2>&1; do sleep 0.1; done`,
    );
}

/** What libvirt or Open vSwitch see to on a real host: the guests' own packets pass. */
export async function openToGuests({ machine, bridge }: Behind, firewall: Firewall): Promise<void> {
    if (firewall === "none") return;
    const accepts = ["-i", "-o"].map((way) => `iptables -w -I FORWARD ${way} ${bridge} -j ACCEPT`);
    const trust = firewall.startsWith("firewalld") ? [`firewall-cmd -q --zone=trusted --add-interface=${bridge}`] : [];
    await machine.must([...accepts, ...trust].join(" && "));
}
