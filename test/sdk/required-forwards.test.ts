import { strict as assert } from "node:assert";
import { containerAddresses, type Deployment, requiredForwards } from "../../sdk";

type Short = string[];
const short = (deployment: Deployment): { server: Short; host: Short } => {
    const { server, host } = requiredForwards(deployment);
    const text = (list: typeof server): Short =>
        list.map(({ protocol, port, toAddress, toPort }) => `${protocol} ${port} → ${toAddress}:${toPort}`);
    return { server: text(server), host: text(host) };
};

const wireguard = { flavour: "hypervisor", vpnTunnelingMode: "wireguard+geneve" } as const;
const geneve = { flavour: "hypervisor", vpnTunnelingMode: "geneve" } as const;
const standalone = { flavour: "hypervisor-standalone", vpnTunnelingMode: "wireguard+geneve" } as const;
const both = { flavour: "hypervisor-standalone", vpnTunnelingMode: "geneve" } as const;

const video = "tcp 5900-7899 → 172.31.255.17:5900-7899";
const redis = "tcp 6379 → 172.31.255.12:6379";
const manualSsh = "tcp 2022 → 172.31.255.17:22";
const ssh = "tcp 2022 → 172.31.255.17:2022";
const tunnel = "udp 4443 → 172.31.255.17:4443";

/** The design's table, row by row. */
const rows: [string, Deployment, Short, Short][] = [
    ["manual, WireGuard", { ...wireguard, release: "manual" }, ["udp 4443 → 172.31.255.23:4443"], [manualSsh]],
    ["manual, geneve", { ...geneve, release: "manual" }, ["udp 6081 → 172.31.255.23:6081"], [manualSsh]],
    [
        "manual, WireGuard, storage",
        { ...wireguard, storage: true, release: "manual" },
        ["udp 4443 → 172.31.255.23:4443", redis],
        [manualSsh],
    ],
    [
        "manual, geneve, storage",
        { ...geneve, storage: true, infrastructureHostIp: "10.0.0.1", release: "manual" },
        ["udp 6081 → 172.31.255.23:6081", redis],
        [manualSsh],
    ],
    ["manual, standalone", { ...standalone, release: "manual" }, ["udp 4443 → 172.31.255.23:4443"], [manualSsh, video]],
    [
        "manual, another WireGuard port and another network",
        { ...wireguard, wireguardPort: 5555, dockerNet: "10.9.8", release: "manual" },
        ["udp 5555 → 10.9.8.23:5555"],
        ["tcp 2022 → 10.9.8.17:22"],
    ],
    ...(["v3", "v4"] as const).flatMap((release): [string, Deployment, Short, Short][] => [
        [`${release}, WireGuard`, { ...wireguard, release }, [], [ssh]],
        [`${release}, geneve`, { ...geneve, release }, [], [ssh, tunnel]],
        [`${release}, storage`, { ...wireguard, storage: true, release }, [redis], [ssh]],
        [
            `${release}, storage that Docker publishes`,
            { ...wireguard, storage: true, infrastructureHostIp: "10.0.0.1", release },
            [],
            [ssh],
        ],
        [`${release}, standalone`, { ...standalone, release }, [], [ssh, video]],
        [`${release}, standalone, geneve`, { ...both, release }, [], [ssh, video, tunnel]],
        [
            `${release}, another WireGuard port and another network`,
            { ...geneve, storage: true, wireguardPort: 5555, dockerNet: "10.9.8", release },
            ["tcp 6379 → 10.9.8.12:6379"],
            ["tcp 2022 → 10.9.8.17:2022", "udp 5555 → 10.9.8.17:5555"],
        ],
    ]),
];

describe("requiredForwards", () => {
    for (const [title, deployment, server, host] of rows) {
        it(title, () => {
            assert.deepEqual(short(deployment), { server, host });
            const { server: onServer, host: onHost } = requiredForwards(deployment);
            for (const { why } of [...onServer, ...onHost]) assert.match(why, /^[A-Z].{20,}\.$/);
        });
    }

    const wrong: [string, object, RegExp][] = [
        ["release", { release: "v17" }, /release is "v17"\. Use one of manual, v3, v4\./],
        ["flavour", { flavour: "web" }, /flavour is "web"/],
        ["mode", { vpnTunnelingMode: "wireguard" }, /vpnTunnelingMode is "wireguard"/],
        ["port", { wireguardPort: 0 }, /wireguardPort is 0/],
        [
            "network",
            { dockerNet: "172.31.255.0/24" },
            /dockerNet is "172\.31\.255\.0\/24"\. Give the first three parts/,
        ],
    ];
    for (const [what, part, message] of wrong) {
        it(`says what is wrong with a ${what}`, () => {
            const deployment = { ...wireguard, release: "v4", ...part } as Deployment;
            assert.throws(() => requiredForwards(deployment), message);
        });
    }
});

describe("containerAddresses", () => {
    it("are fixed within the network", () => {
        const { hypervisor, vpn, redis: queue, db } = containerAddresses();
        assert.deepEqual(
            [hypervisor, vpn, queue, db],
            ["172.31.255.17", "172.31.255.23", "172.31.255.12", "172.31.255.13"],
        );
        assert.equal(containerAddresses("10.9.8").hypervisor, "10.9.8.17");
    });

    for (const wrong of ["", "10.9", "10.9.8.7", "10.9.256", "10.09.8", "a.b.c"])
        it(`refuse ${JSON.stringify(wrong)}`, () => assert.throws(() => containerAddresses(wrong), /DOCKER_NET/));
});
