import type * as pulumi from "@pulumi/pulumi";
import { type HypervisorArgs, hypervisorNames, HypervisorOutputs, hypervisorSecrets } from "./generated/hypervisor";
import { isOfType, type Kind } from "./resource";

const kind: Kind = {
    provider: "hypervisor",
    type: "pulumi-nodejs:dynamic/isardvdi:Hypervisor",
    names: hypervisorNames,
    secrets: hypervisorSecrets,
};

/**
 * A hypervisor of an IsardVDI site, verified Online by the site's own engine.
 *
 * @example
 * const h1 = new isardvdi.Hypervisor("h1", { hostname: "h1.example.org", kvmModule: "intel" });
 * export const status = h1.status;
 */
export class Hypervisor extends HypervisorOutputs {
    /** Whether an object is a Hypervisor, even one of another copy of this package. */
    static override isInstance(object: unknown): object is Hypervisor {
        return isOfType(object, kind.type);
    }

    /**
     * @param name - Name of the resource, and the hyperId where that is not given.
     * @param args - See docs/reference/hypervisor.md.
     * @param opts - Pulumi's own options; timeouts are arguments, because Pulumi keeps its own from this provider.
     */
    constructor(name: string, args: HypervisorArgs, opts?: pulumi.CustomResourceOptions) {
        super(kind, name, { ...args, hyperId: args.hyperId ?? name }, opts);
    }
}
