import type * as pulumi from "@pulumi/pulumi";
import {
    type PortForwardArgs,
    portForwardNames,
    PortForwardOutputs,
    portForwardSecrets,
} from "./generated/port-forward";
import { isOfType, type Kind } from "./resource";

const kind: Kind = {
    provider: "portForward",
    type: "pulumi-nodejs:dynamic/isardvdi:PortForward",
    names: portForwardNames,
    secrets: portForwardSecrets,
};

/**
 * A port of a host forwarded to an address behind it, proved by a packet.
 *
 * @example
 * new isardvdi.PortForward("h1-ssh", {
 *     connection: "h1",
 *     protocol: "tcp",
 *     port: 2022,
 *     toAddress: isardvdi.containerAddresses().hypervisor,
 * });
 */
export class PortForward extends PortForwardOutputs {
    /** Whether an object is a PortForward, even one of another copy of this package. */
    static override isInstance(object: unknown): object is PortForward {
        return isOfType(object, kind.type);
    }

    /**
     * @param name - Name of the resource.
     * @param args - See docs/reference/port-forward.md.
     * @param opts - Pulumi's own options; timeouts are arguments, because Pulumi keeps its own from this provider.
     */
    constructor(name: string, args: PortForwardArgs, opts?: pulumi.CustomResourceOptions) {
        super(kind, name, args, opts);
    }
}
