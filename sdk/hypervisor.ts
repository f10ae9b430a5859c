import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../provider/connection";
import {
    type HypervisorArgs,
    hypervisorNames,
    type HypervisorResults,
    hypervisorSecrets,
} from "./generated/hypervisor";
import { isOfType, type Kind, Resource } from "./resource";

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
export class Hypervisor extends Resource {
    declare readonly hyperId: pulumi.Output<string>;
    declare readonly hostname: pulumi.Output<string>;
    declare readonly sshPort: pulumi.Output<number>;
    declare readonly sshUser: pulumi.Output<string>;
    declare readonly flavour: pulumi.Output<"hypervisor" | "hypervisor-standalone" | undefined>;
    declare readonly vpnTunnelingMode: pulumi.Output<"wireguard+geneve" | "geneve" | undefined>;
    declare readonly capabilities: pulumi.Output<{ disk: boolean; hypervisor: boolean }>;
    declare readonly enabled: pulumi.Output<boolean>;
    declare readonly onlyForced: pulumi.Output<boolean>;
    declare readonly description: pulumi.Output<string>;
    declare readonly storagePools: pulumi.Output<string[]>;
    declare readonly virtPools: pulumi.Output<string[]>;
    declare readonly minFreeMemGb: pulumi.Output<number>;
    declare readonly minFreeGpuMemGb: pulumi.Output<number>;
    declare readonly bufferingHyper: pulumi.Output<boolean>;
    declare readonly gpuOnly: pulumi.Output<boolean>;
    declare readonly kvmModule: pulumi.Output<"intel" | "amd" | undefined>;
    declare readonly viewer: pulumi.Output<{
        staticUrl: string;
        videoUrl: string;
        proxyHyperUrl: string;
        spicePort: number;
        html5Port: number;
    }>;
    declare readonly vpnHost: pulumi.Output<string | undefined>;
    declare readonly vlans: pulumi.Output<number[] | undefined>;
    declare readonly site: pulumi.Output<string | undefined>;
    declare readonly diagnostics: pulumi.Output<{ host?: string | ConnectionArgs } | undefined>;
    /** The engine's verdict. */
    declare readonly status: pulumi.Output<HypervisorResults["status"]>;
    /** The engine's reason for the status, empty when Online. */
    declare readonly detail: pulumi.Output<string>;
    /** When the engine wrote the status, in epoch seconds by the server's clock. */
    declare readonly statusTime: pulumi.Output<HypervisorResults["statusTime"]>;
    /** How far the host's container has come in its boot. */
    declare readonly bootProgress: pulumi.Output<HypervisorResults["bootProgress"]>;
    /** Whether the engine finds libvirt slow, and why. */
    declare readonly degraded: pulumi.Output<HypervisorResults["degraded"]>;
    /** The tunnel to the site; never its keys. */
    declare readonly vpn: pulumi.Output<HypervisorResults["vpn"]>;
    /** Generation of the site's API. */
    declare readonly apiGeneration: pulumi.Output<HypervisorResults["apiGeneration"]>;

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
