import type { z as zod } from "zod";
import type { Property } from "../../resource";
import { isHostAddress, networkOf } from "../../firewall/networks";
import { isPortRange } from "../ports";

const ports = (z: typeof zod) =>
    z.union([
        z.int().min(1).max(65535),
        z.string().refine(isPortRange, 'must be a range "FROM-TO" of ports from 1 to 65535, the lower one first'),
    ]);

const transaction = "one transaction on the host";

/** Which packets go where. */
export const rule = {
    protocol: {
        doc: "Protocol of the forwarded port.",
        schema: (z) => z.enum(["tcp", "udp"]),
        change: "update",
        required: true,
        request: transaction,
        example: '"tcp"',
    },
    port: {
        doc: 'Port of the host, or a range `"FROM-TO"`.',
        schema: ports,
        change: "update",
        required: true,
        request: transaction,
        example: '"5900-7899"',
    },
    toAddress: {
        doc: "IPv4 address the packets are sent on to, usually a container's.",
        schema: (z) => z.string().refine(isHostAddress, "must be the IPv4 address of a machine, such as 172.31.255.17"),
        change: "update",
        required: true,
        request: transaction,
        example: '"172.31.255.17"',
    },
    toPort: {
        doc: "Port the packets are sent on to; a range of ports keeps its ports, which is the one promise that a range can give.",
        schema: ports,
        change: "update",
        defaultText: "the port is kept",
        cleared: true,
        request: transaction,
        example: "22",
    },
    sourceCidrs: {
        doc: "Networks or addresses whose packets are forwarded.",
        schema: (z) =>
            z
                .array(
                    z.string().refine((text) => networkOf(text) !== undefined, {
                        message: "must be an IPv4 network without host bits, such as 10.0.0.0/24, or an IPv4 address",
                    }),
                )
                .min(1),
        change: "update",
        unordered: true,
        defaultText: "everyone's",
        cleared: true,
        request: transaction,
        example: '["10.0.0.0/24"]',
    },
    inInterface: {
        doc: "Interface of the host on which the packets come in.",
        schema: (z) =>
            z
                .string()
                .regex(/^[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}$/, "must be the name of a network interface, such as eth0"),
        change: "update",
        defaultText: "any",
        cleared: true,
        request: transaction,
        example: '"eth0"',
    },
    local: {
        told: true,
        doc: "Whether what the host itself sends to its own addresses is forwarded as well; not together with `sourceCidrs` or `inInterface`.",
        schema: (z) => z.boolean(),
        change: "update",
        default: false,
        request: transaction,
    },
    backend: {
        doc: "What the rule is made with; `auto` takes what the host really uses, and `backendUsed` says which.",
        schema: (z) => z.enum(["auto", "iptables", "nftables", "firewalld"]),
        change: "update",
        default: "auto",
        request: transaction,
    },
    zone: {
        doc: "firewalld's zone of the rule; firewalld only.",
        schema: (z) =>
            z.string().regex(/^(?!-)[A-Za-z0-9_-]{1,17}$/, "must be the name of a firewalld zone, such as public"),
        change: "update",
        defaultText: "every zone at which its packets can arrive",
        cleared: true,
        request: transaction,
        example: '"public"',
    },
    persist: {
        told: true,
        doc: "Whether the rule outlives a reboot, by the host's own means.",
        schema: (z) => z.boolean(),
        change: "update",
        default: true,
        request: transaction,
    },
} satisfies Record<string, Property>;
