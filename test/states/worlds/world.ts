import type { VpnMode, Generation } from "../../../sandbox/options";
import type { Sandbox } from "../../../sandbox";
import type { Firewall } from "../../lab/firewall";
import type { Held } from "../held";
import type { Live } from "../volatile";

/** What a world is made of. */
export type WorldSpec = SitesSpec | ForwardsSpec | HostSpec;

export interface SitesSpec {
    kind: "sites";
    generation: Generation;
    /** Hosts of each site, by the site's name; one named "" is the stack's own. */
    sites: Record<string, string[]>;
    machines: boolean;
    vpnMode: VpnMode;
}

/** Two hosts with a hypervisor's container behind each. */
export interface ForwardsSpec {
    kind: "forwards";
    firewall: Exclude<Firewall, "none">;
}

/** A bare machine with a Docker engine. */
export interface HostSpec {
    kind: "host";
}

export interface World {
    /** What leads a stack there, by the whole keys of its configuration. */
    readonly config: Record<string, string>;
    /** As of the last look or restoration. */
    readonly live: Live;
    readonly sandboxes: Record<string, Sandbox>;
    /** By another route than the provider's. */
    snapshot(): Promise<Held>;
    /** Puts back what was recorded, by no code of the provider. */
    restore(held: Held): Promise<void>;
    /** Whether the sites' own services write nothing more. */
    still(isStill: boolean): void;
    /** Runs a script on a machine; what it printed. */
    run(machine: string, script: string): Promise<string>;
    stop(): Promise<void>;
}
