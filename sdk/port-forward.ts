import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../provider/connection";
import {
    type PortForwardArgs,
    portForwardNames,
    type PortForwardResults,
    portForwardSecrets,
} from "./generated/port-forward";
import { isOfType, type Kind, Resource } from "./resource";

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
export class PortForward extends Resource {
    declare readonly connection: pulumi.Output<string | ConnectionArgs>;
    declare readonly site: pulumi.Output<string | undefined>;
    declare readonly protocol: pulumi.Output<"tcp" | "udp">;
    declare readonly port: pulumi.Output<number | string>;
    declare readonly toAddress: pulumi.Output<string>;
    declare readonly toPort: pulumi.Output<number | string | undefined>;
    declare readonly sourceCidrs: pulumi.Output<string[] | undefined>;
    declare readonly inInterface: pulumi.Output<string | undefined>;
    declare readonly local: pulumi.Output<boolean>;
    declare readonly backend: pulumi.Output<"auto" | "iptables" | "nftables" | "firewalld" | undefined>;
    declare readonly zone: pulumi.Output<string | undefined>;
    declare readonly persist: pulumi.Output<boolean>;
    /** What the rule is made with on this host. */
    declare readonly backendUsed: pulumi.Output<PortForwardResults["backendUsed"]>;
    /** The exact lines on the host that are this forward's. */
    declare readonly rules: pulumi.Output<PortForwardResults["rules"]>;
    /** What was verified last, and from where. */
    declare readonly verified: pulumi.Output<PortForwardResults["verified"]>;
    /** The host's `/etc/machine-id`. */
    declare readonly machineId: pulumi.Output<PortForwardResults["machineId"]>;

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
