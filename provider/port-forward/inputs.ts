import { createHash } from "node:crypto";
import type { Change, Forward, Owner } from "../firewall/firewall";
import { cidr } from "../firewall/networks";
import { portRange, portText } from "./ports";
import type { Inputs } from "./schema";

/** The forward that the inputs ask for, every default filled in. */
export function forwardOf(inputs: Inputs): Forward {
    const { protocol, port, toAddress, toPort, sourceCidrs, inInterface, local, zone, persist } = inputs;
    const { from, to } = portRange(port) ?? { from: 0, to: 0 };
    // check lets a range through only where it says that the ports are kept
    const target = typeof toPort === "number" && !(from === to && toPort === from) ? toPort : undefined;
    return {
        protocol,
        from,
        to,
        toAddress,
        toPort: target,
        sourceCidrs: sourceCidrs?.map(cidr),
        inInterface,
        local: local ?? false,
        zone,
        persist: persist ?? true,
    };
}

export function changeOf(inputs: Inputs, owner: Owner): Change {
    return {
        owner,
        forward: forwardOf(inputs),
        backend: inputs.backend ?? "auto",
        adopt: inputs.adopt ?? false,
        rollbackSeconds: inputs.rollbackSeconds ?? 30,
    };
}

/** The tag of a resource that is made for the first time; it keeps it whatever its URN becomes. */
export const tagOf = (urn: string): string => createHash("sha256").update(urn).digest("hex").slice(0, 12);

/** "tcp 2022 → 172.31.255.17:22" */
export function describe({ protocol, from, to, toAddress, toPort }: Omit<Forward, "persist">): string {
    const target = toPort === undefined ? toAddress : `${toAddress}:${toPort}`;
    return `${protocol} ${portText({ from, to })} → ${target}`;
}
