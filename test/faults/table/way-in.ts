import type { Fault } from "../fault";
import { accept, dnat, forward } from "../site";

/** Typed on a machine, and what undoes it. */
const typed = (what: string, names: string, machine: string, command: string, undo: string): Fault => ({
    what,
    names,
    make: async (site) => {
        await site.on(machine, command);
        return () => site.on(machine, undo);
    },
});

/** The forward of the host with another target. */
const led = (what: string, names: string, to: string): Fault =>
    typed(what, names, "h1", `${dnat("D")} && ${dnat("A", to)}`, `${dnat("D", to)} && ${dnat("A")}`);

const rejected = (flag: "I" | "D"): string =>
    `iptables -${flag} OUTPUT -p tcp --dport 2022 -j REJECT --reject-with icmp-host-unreachable`;

export const forwards: readonly Fault[] = [
    typed("a host without the forward", "forwards/missing", "h1", forward("D"), forward("A")),
    typed("a host without the forward, whose accept is left", "forwards/missing", "h1", dnat("D"), dnat("A")),
    typed(
        "a host whose kernel forwards nothing",
        "forwards/ip-forward-off",
        "h1",
        "echo 0 >/proc/sys/net/ipv4/ip_forward",
        "echo 1 >/proc/sys/net/ipv4/ip_forward",
    ),
    led("a forward to another container", "forwards/other-address", "172.31.255.18:2022"),
    led("a forward to port 22, as the manual has it", "forwards/port-22", "172.31.255.17:22"),
    typed("a host without Docker's accept", "forwards/docker-drop", "h1", accept("D"), accept("A")),
    typed(
        "a firewall's own drop before it",
        "forwards/docker-drop",
        "h1",
        "iptables -I FORWARD -p tcp -d 172.31.255.17 --dport 2022 -j DROP",
        "iptables -D FORWARD -p tcp -d 172.31.255.17 --dport 2022 -j DROP",
    ),
    {
        what: "a host with isard-storage, and a server that does not forward Redis",
        names: "forwards/redis-closed",
        make: ({ host }) => {
            host.turn({ storage: "runs" });
            return () => host.turn({ storage: "absent" });
        },
    },
];

const sshd = (what: string, names: string, ssh: "closed" | "mute" | "foreign"): Fault => ({
    what,
    names,
    make: ({ host }) => {
        host.turn({ ssh });
        return () => host.turn({ ssh: "open" });
    },
});

export const ssh: readonly Fault[] = [
    sshd("a hypervisor whose sshd is down", "ssh/refused", "closed"),
    sshd("a hypervisor whose port takes connections and says nothing", "ssh/silent", "mute"),
    sshd("another service on the hypervisor's port", "ssh/other-service", "foreign"),
    typed(
        "a host that drops what the server sends",
        "ssh/timeout",
        "h1",
        "iptables -t raw -I PREROUTING -p tcp --dport 2022 -j DROP",
        "iptables -t raw -D PREROUTING -p tcp --dport 2022 -j DROP",
    ),
    typed("a server that has no way to the host", "ssh/unreachable", "server", rejected("I"), rejected("D")),
    typed(
        "a hypervisor's container that was stopped",
        "ssh/container-down",
        "h1",
        "docker stop isard-hypervisor",
        "docker start isard-hypervisor",
    ),
    {
        what: "an engine that has lost the host's key",
        names: "ssh/host-key-unknown",
        make: (site) => {
            site.sandbox.engine.forgetHostKey("h1", "2022");
            return () => site.register();
        },
    },
    {
        what: "a hypervisor that was rebuilt with another host key",
        names: "ssh/host-key-changed",
        make: (site) => {
            site.host.rotateHostKey();
            return () => site.register();
        },
    },
];
