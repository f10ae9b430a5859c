import { IsardvdiError } from "../provider/errors";

/** IsardVDI's own network where `DOCKER_NET` is not set. */
export const defaultDockerNet = "172.31.255";

/** Last part of each container's fixed address; the rest is `DOCKER_NET`. */
const lastParts = {
    authentication: 11,
    redis: 12,
    db: 13,
    engine: 14,
    guac: 16,
    hypervisor: 17,
    portal: 18,
    squid: 19,
    static: 20,
    storage: 21,
    video: 22,
    vpn: 23,
    scheduler: 24,
    webapp: 26,
    websockify: 27,
} as const;

export type ContainerName = keyof typeof lastParts;

/**
 * The fixed addresses of IsardVDI's containers (`isard-NAME`) on a host.
 *
 * @param dockerNet - `DOCKER_NET` of the host's isardvdi.cfg: the first three parts of the network, `172.31.255` by default.
 * @example
 * containerAddresses().hypervisor; // "172.31.255.17"
 */
export function containerAddresses(dockerNet: string = defaultDockerNet): Record<ContainerName, string> {
    const parts = dockerNet.split(".");
    if (parts.length !== 3 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
        throw new IsardvdiError({
            code: "bad-input",
            action: "tell",
            resource: "the containers' addresses",
            seen: `dockerNet is ${JSON.stringify(dockerNet)}`,
            advice: `Give the first three parts of the network, as DOCKER_NET has them: ${JSON.stringify(defaultDockerNet)}.`,
            property: "dockerNet",
        });
    }
    const addresses = Object.entries(lastParts).map(([name, last]) => [name, `${dockerNet}.${last}`]);
    return Object.fromEntries(addresses) as Record<ContainerName, string>;
}
