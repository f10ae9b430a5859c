import type { HypervisorRecord } from "../../../provider/isardvdi/api";
import type { Commands } from "./machines";
import { record } from "../hypervisor/record";

/** A small IsardVDI site: what is wrong with it is said here, never which cause that is. */
export interface Site {
    hyperId: string;
    hostname: string;
    generation: "v3" | "v4";
    record: HypervisorRecord | undefined;
    others: string[];
    serverTime: number;
    hostTime: number;
    serverContainers: Record<string, string>;
    hostContainers: Record<string, string>;
    /** What the name resolves to on the server. */
    addresses: string[];
    /** What bash's dial of the SSH port prints, and its exit code. */
    dial: string;
    offeredKey: string;
    storedKey: string | undefined;
    engineKey: string | undefined;
    authorizedKeys: string[];
    hostRules: string;
    serverRules: string;
    ipForward: string;
    published: string;
    handshake: string | undefined;
    peerAddress: string | undefined;
    bfd: string;
    serverPorts: string[];
    hostPorts: string[];
    ovsError: string | undefined;
    virsh: { text: string; code: number };
    cpu: string;
    settings: Record<string, string>;
    curl: { text: string; code: number };
    engineLog: string[];
}

export const rules = (nat: string[], filter: string[] = [], policy = "DROP"): string =>
    [
        "*nat",
        ":PREROUTING ACCEPT [0:0]",
        ":DOCKER - [0:0]",
        "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
        ...nat,
        "COMMIT",
        "*filter",
        `:FORWARD ${policy} [0:0]`,
        ":DOCKER - [0:0]",
        ":DOCKER-USER - [0:0]",
        "-A FORWARD -j DOCKER-USER",
        "-A FORWARD -o br-isard -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "-A FORWARD -o br-isard -j DOCKER",
        "-A FORWARD -i br-isard ! -o br-isard -j ACCEPT",
        "-A FORWARD -i br-isard -o br-isard -j ACCEPT",
        ...filter,
        "-A DOCKER-USER -j RETURN",
        "COMMIT",
    ].join("\n");

export const dnat = (port: number, target: string, protocol = "tcp"): string =>
    `-A PREROUTING -p ${protocol} -m addrtype --dst-type LOCAL -m ${protocol} --dport ${port} -j DNAT --to-destination ${target}`;
export const accept = (address: string, port: number): string =>
    `-A DOCKER-USER -p tcp -m conntrack --ctstate DNAT --ctreplsrc ${address} --ctorigdstport ${port} -j ACCEPT`;

export function healthy(): Site {
    return {
        hyperId: "hyper-01",
        hostname: "h1.example.org",
        generation: "v4",
        record: record({ hyperId: "hyper-01", engineKvmModule: "intel" }),
        others: ["hyper-02"],
        serverTime: 1_800_000_000,
        hostTime: 1_800_000_002,
        serverContainers: { "isard-engine": "Up 3 hours", "isard-vpn": "Up 3 hours", "isard-apiv4": "Up 3 hours" },
        hostContainers: { "isard-hypervisor": "Up 2 hours (healthy)" },
        addresses: ["192.0.2.11"],
        dial: "connected\nSSH-2.0-OpenSSH_9.2 code 0",
        offeredKey: "ssh-rsa AAAAB3NzaHost",
        storedKey: "ssh-rsa AAAAB3NzaHost",
        engineKey: "ssh-rsa AAAAB3NzaEngine isard-engine",
        authorizedKeys: ["ssh-rsa AAAAB3NzaEngine isard-engine"],
        hostRules: rules([dnat(2022, "172.31.255.17:2022")], [accept("172.31.255.17", 2022)]),
        serverRules: rules([]),
        ipForward: "1",
        published: "443/udp -> 0.0.0.0:443\n4443/udp -> 0.0.0.0:4443",
        handshake: "1 minute, 5 seconds ago",
        peerAddress: "10.1.0.2",
        bfd: '{state=up, remote_state=up, forwarding="true"}',
        serverPorts: ["ovsbr0", "hyper-01", "hyper-02"],
        hostPorts: ["ovsbr0", "isard.example.org"],
        ovsError: undefined,
        virsh: { text: "Using library: libvirt 9.0.0\nRunning hypervisor: QEMU 7.2.0", code: 0 },
        cpu: "vmx",
        settings: { HYPER_ID: "hyper-01", API_DOMAIN: "isard.example.org", DOMAIN: "h1.example.org" },
        curl: { text: "", code: 0 },
        engineLog: [
            "2026-11-25 INFO hyp_worker: trying h1.example.org",
            "2026-11-25 ERROR h1.example.org: password=hunter2secret token: eyJhbGciOi.eyJkYXRhIjo.c2lnbmF0dXJl",
        ],
    };
}

const list = (containers: Record<string, string>): string =>
    Object.entries(containers)
        .map((pair) => pair.join(" "))
        .join("\n");
const bridge = (ports: string[], error?: string): string =>
    [
        "0a1b2c3d",
        ...(ports.includes("ovsbr0") ? ["    Bridge ovsbr0"] : []),
        ...ports.map((name) => `        Port ${name}\n            Interface ${name}\n                type: geneve`),
        ...(error ? [`                ${error}`] : []),
    ].join("\n");

/** The shell words of a `docker exec` into a container that may not run. */
function inside(
    containers: Record<string, string>,
    name: string,
    calls: [string, string, number?][],
): Commands[string] {
    if (!containers[name]?.startsWith("Up"))
        return [[`"exec ${name} "*`, `Error response from daemon: container ${name} is not running`, 1]];
    return calls.map(([pattern, text, code]) => [`"exec ${name} ${pattern}`, text, code ?? 0] as const);
}

const machine = (time: number, rulesNow: string, ipForward: string): Record<string, Commands[string]> => ({
    date: [["+%s", String(time)]],
    "iptables-nft-save": [["*", rulesNow]],
    "iptables-legacy-save": [["*", ""]],
    "firewall-cmd": [["--state", "not running", 252]],
    cat: [["/proc/sys/net/ipv4/ip_forward", ipForward]],
});

export function serverCommands(site: Site): Commands {
    const peer = [
        "interface: hypers\n  public key: Q0hSSVNUTUFTQ0hSSVNUTUFTQ0hSSVNUTUFTQ0hSSVM=\n  private key: (hidden)\n  listening port: 4443",
        ...(site.peerAddress === undefined
            ? []
            : [
                  `\npeer: S0VZS0VZS0VZS0VZS0VZS0VZS0VZS0VZS0VZS0VZS0U=\n  allowed ips: ${site.peerAddress}/32`,
                  ...(site.handshake === undefined ? [] : [`  latest handshake: ${site.handshake}`]),
              ]),
    ].join("\n");
    const up = site.serverContainers;
    return {
        ...machine(site.serverTime, site.serverRules, "1"),
        bash: [["*", site.dial.replace(/ code \d+$/, ""), Number(/ code (\d+)$/.exec(site.dial)?.[1])]],
        getent:
            site.addresses.length > 0
                ? [["*", site.addresses.map((each) => `${each}  STREAM ${site.hostname}`).join("\n")]]
                : [["*", "", 2]],
        "ssh-keyscan": [["*", `# ${site.hostname}:2022 SSH-2.0-OpenSSH\n[${site.hostname}]:2022 ${site.offeredKey}`]],
        docker: [
            [`"ps -a "*`, list(up)],
            ["port*", site.published],
            ["*logs*isard-engine*", site.engineLog.join("\n")],
            ["*logs*isard-vpn*", "INFO new peer\nINFO geneve port up"],
            ...inside(up, "isard-engine", [
                [
                    `sh -c "*known_hosts*`,
                    site.storedKey ? `# Host found: line 1\n[${site.hostname}]:2022 ${site.storedKey}` : "",
                ],
                [`sh -c "*id_*`, site.engineKey ?? ""],
                [
                    `getent"*`,
                    site.addresses.map((each) => `${each} STREAM`).join("\n"),
                    site.addresses.length > 0 ? 0 : 2,
                ],
            ]),
            ...inside(up, "isard-vpn", [
                [`wg show"`, peer],
                [`ovs-vsctl show"`, bridge(site.serverPorts, site.ovsError)],
                [`ovs-vsctl get interface"*`, site.bfd],
            ]),
        ],
    };
}

export function hostCommands(site: Site): Commands {
    return {
        ...machine(site.hostTime, site.hostRules, site.ipForward),
        grep: [["*cpuinfo", site.cpu]],
        docker: [
            [`"ps -a "*`, list(site.hostContainers)],
            ["*logs*", "INFO hypervisor boot"],
            ...inside(site.hostContainers, "isard-hypervisor", [
                [`cat "*`, site.authorizedKeys.join("\n")],
                [`timeout"*`, site.virsh.text, site.virsh.code],
                [`ovs-vsctl show"`, bridge(site.hostPorts)],
                [`wg show"`, "interface: wg0"],
                [
                    `sh -c "*HYPER_ID*`,
                    Object.entries(site.settings)
                        .map((pair) => pair.join("="))
                        .join("\n"),
                ],
                [`sh -c "*curl*`, site.curl.text, site.curl.code],
            ]),
        ],
    };
}
