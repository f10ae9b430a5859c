import { containerAddresses } from "../../sdk/container-addresses";
import { type Deployment, requiredForwards } from "../../sdk/required-forwards";
import { wrapped } from "./page";

const releases: [Deployment["release"], string][] = [
    ["manual", "As the manual has it"],
    ["v3", "Releases up to 16 (v3)"],
    ["v4", "Releases 17 and later (v4)"],
];
const modes = ["wireguard+geneve", "geneve"] as const;
const flavours = ["hypervisor", "hypervisor-standalone"] as const;

/** The page of forwards, told by the very function that a program calls. */
export const forwardsPage =
    (): string => `<!-- Generated from sdk/required-forwards.ts by "npm run reference"; do not edit. -->

# Which ports have to be forwarded

${wrapped(
    "`requiredForwards()` tells a program what stands here, with another `DOCKER_NET`, `WG_HYPERS_PORT` or `INFRASTRUCTURE_HOST_IP` where they are given. The manual and the releases differ: `release` says whose word counts, and packet verification tells when a port is the wrong one.",
)}

\`\`\`ts
import * as isardvdi from "pulumi-isardvdi";

const { host } = isardvdi.requiredForwards({
    flavour: "hypervisor-standalone",
    vpnTunnelingMode: "wireguard+geneve",
    release: "v4",
});
for (const { why: _why, ...rule } of host) {
    new isardvdi.PortForward(\`h1-\${rule.protocol}-\${rule.port}\`, { connection: "h1", ...rule });
}
\`\`\`

${releases.map(([release, title]) => section(release, title)).join("\n")}
## Where they lead

| container | address |
| --- | --- |
${Object.entries(containerAddresses())
    .map(([name, address]) => `| isard-${name} | ${address} |`)
    .join("\n")}
`;

function section(release: Deployment["release"], title: string): string {
    return `## ${title}

| where | when | forward | why |
| --- | --- | --- | --- |
${lines(release).join("\n")}
`;
}

/** Each rule once, with every combination of flavour, mode and storage that needs it. */
function lines(release: Deployment["release"]): string[] {
    const cases = flavours.flatMap((flavour) =>
        modes.flatMap((vpnTunnelingMode) =>
            [false, true].map((storage) => ({ release, flavour, vpnTunnelingMode, storage })),
        ),
    );
    const found = new Map<string, { text: string; why: string; on: string; cases: typeof cases }>();
    for (const each of cases) {
        const needed = requiredForwards(each);
        for (const on of ["server", "host"] as const) {
            for (const { protocol, port, toAddress, toPort, why } of needed[on]) {
                const text = `${protocol} ${port} → ${toAddress}:${toPort}`;
                const known = found.get(`${on} ${text}`) ?? { text, why, on, cases: [] };
                known.cases.push(each);
                found.set(`${on} ${text}`, known);
            }
        }
    }
    const bySide = [...found.values()].sort((a, b) => b.on.localeCompare(a.on));
    return bySide.map(({ on, text, why, cases: needing }) => `| ${on} | ${when(needing)} | ${text} | ${why} |`);
}

function when(cases: { flavour: string; vpnTunnelingMode: string; storage: boolean }[]): string {
    const only = (values: string[], all: number): string[] =>
        new Set(values).size < all ? [...new Set(values)].map((value) => `\`${value}\``) : [];
    const parts = [
        ...only(
            cases.map(({ flavour }) => flavour),
            flavours.length,
        ),
        ...only(
            cases.map(({ vpnTunnelingMode }) => vpnTunnelingMode),
            modes.length,
        ),
        ...only(
            cases.map(({ storage }) => (storage ? "storage" : "no storage")),
            2,
        ),
    ];
    return parts.join(", ") || "always";
}
