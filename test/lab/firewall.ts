import { iptablesSetup } from "../../sandbox/machine/iptables";
import type { Behind, Machine } from "../../sandbox/machine/machine";

/** What filters packets on a host. */
export type Firewall =
    "iptables-nft" | "iptables-legacy" | "firewalld-nftables" | "firewalld-iptables" | "nftables" | "none";

/** Chooses the iptables as Debian's alternatives do, and removes what the host does not have. */
export function firewallSetup(firewall: Firewall): string {
    if (firewall === "none") return `${removed("firewall*", "*tables*", "nft")}\n`;
    if (firewall === "nftables") return `${removed("firewall*", "*tables*")}\n`;
    const variant = firewall === "iptables-legacy" ? "legacy" : "nft";
    const choice = iptablesSetup(variant);
    if (firewall.startsWith("iptables")) return [choice, removed("firewall*"), ""].join("\n");
    const backend = firewall === "firewalld-nftables" ? "nftables" : "iptables";
    const choose = `sed -i 's/^FirewallBackend=.*/FirewallBackend=${backend}/' /etc/firewalld/firewalld.conf`;
    return [choice, choose, ""].join("\n");
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
    if (firewall === "none" || firewall === "nftables") return;
    const accepts = ["-i", "-o"].map((way) => `iptables -w -I FORWARD ${way} ${bridge} -j ACCEPT`);
    const trust = firewall.startsWith("firewalld") ? [`firewall-cmd -q --zone=trusted --add-interface=${bridge}`] : [];
    await machine.must([...accepts, ...trust].join(" && "));
}
