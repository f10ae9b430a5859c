import type { Values } from "../../contract/harness/rpc";
import { type Recipe, resource, single } from "../recipe";
import type { World } from "../worlds";
import type { ForwardsSpec } from "../worlds/world";

const firewalls: readonly ForwardsSpec["firewall"][] = [
    "iptables-nft",
    "iptables-legacy",
    "firewalld-nftables",
    "firewalld-iptables",
];
const target = "172.31.255.17";
const basis = { connection: "h1", protocol: "tcp", port: 2022, toAddress: target, verifyTimeoutSeconds: 20 };
const narrowed: [Values, string] = [{ sourceCidrs: ["10.77.0.0/16"] }, "10\\.77\\.0\\.0/16"];

/** As the manual says, and what Docker needs besides. */
const byHand: Record<"iptables" | "firewalld", string> = {
    iptables: `iptables -t nat -A PREROUTING -p tcp --dport 2022 -j DNAT --to-destination ${target} &&
        iptables -I DOCKER-USER -p tcp -d ${target} --dport 2022 -j ACCEPT`,
    firewalld: `for when in --permanent ''; do
        firewall-cmd -q $when --zone=public --add-forward-port=port=2022:proto=tcp:toport=2022:toaddr=${target}; done`,
};

const shapes: Record<string, [args: Values, more?: (firewall: string) => Partial<Recipe>]> = {
    plain: [{}],
    range: [{ port: "5900-6200", sourceCidrs: ["10.0.0.0/8", "192.0.2.7"] }],
    local: [{ local: true }],
    transient: [{ persist: false }],
    adopted: [
        { adopt: true },
        (firewall) => ({
            leaves: true,
            prepare: async (world: World) =>
                void (await world.run("h1", byHand[firewall.startsWith("firewalld") ? "firewalld" : "iptables"])),
        }),
    ],
};

/** Where something goes, the world has it no more. */
const changes: Record<string, [Values, string]> = {
    range: [{ sourceCidrs: ["10.0.0.0/8"] }, "^(?!.*192\\.0\\.2\\.7)"],
    local: [{ local: false }, "^(?!.*127\\.0\\.0\\.0/8 -p tcp)"],
};

const onEach = firewalls.flatMap((firewall) =>
    Object.entries(shapes).map(([shape, [args, more]]) =>
        single(
            `port-forward-${firewall}-${shape}`,
            { kind: "forwards", firewall },
            ["PortForward", "ssh", { ...basis, ...args }],
            changes[shape] ?? narrowed,
            more?.(firewall),
        ),
    ),
);

/** Put on a host by one connection, and led to it or to another one by the next. */
const moved = Object.entries({ "same-machine": "h1-by-another-name", "other-machine": "h2" }).map(([how, connection]) =>
    single(
        `port-forward-moved-${how}`,
        { kind: "forwards", firewall: "iptables-nft" },
        ["PortForward", "ssh", { ...basis, connection }],
        narrowed,
        { first: { resources: [resource("PortForward", "ssh", basis)] } },
    ),
);

const way = (name: string, host: string, port: unknown): object => ({
    host,
    port,
    user: "root",
    hostKey: `@host key of ${name}@`,
    privateKey: `@private key of ${name}@`,
});

/** The way in stands in the state itself, and the change is that the host moves. */
const inline = single(
    "port-forward-inline-connection",
    { kind: "forwards", firewall: "iptables-nft" },
    [
        "PortForward",
        "ssh",
        {
            ...basis,
            connection: { ...way("h1", "10.77.0.12", 22), proxy: way("client", "127.0.0.1", "@port client@") },
        },
    ],
    [{ connection: "h2" }, '"h2":.*ISARDVDI-DNAT'],
);

export const forwards: Recipe[] = [...onEach, ...moved, inline];
