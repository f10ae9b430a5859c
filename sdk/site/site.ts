import * as pulumi from "@pulumi/pulumi";
import type { Hypervisor } from "../hypervisor";
import type { SiteArgs } from "./args";
import { foundation } from "./foundation";
import { type Opened, openedBy } from "./opened";
import { makeParts } from "./parts";

/**
 * A whole site: what its hypervisors need opened and written on the server and on their hosts, and the
 * hypervisors themselves, registered by their own containers and verified Online.
 *
 * @example
 * const site = new isardvdi.Site("bcn", {
 *     server: { connection: "server" },
 *     hypervisors: {
 *         h1: { connection: "h1", hostname: "h1.example.org", flavour: "hypervisor-standalone" },
 *         h2: { connection: "h2", hostname: "h2.example.org", storage: true },
 *     },
 * });
 * export const status = site.status;
 */
export class Site extends pulumi.ComponentResource {
    /** The engine's verdict on each hypervisor. */
    readonly status: pulumi.Output<Record<string, string>>;
    /** The name at which the engine reaches each hypervisor. */
    readonly addresses: pulumi.Output<Record<string, string>>;
    /** What was opened, where and why. */
    readonly opened: pulumi.Output<Opened[]>;
    /** The hypervisors, by id. */
    readonly hypervisors: Readonly<Record<string, Hypervisor>>;

    /**
     * @param name - Name of the site, with which the names of its parts begin.
     * @param args - See docs/reference/site.md.
     * @param opts - Pulumi's own options; a provider or a protection given here holds for the parts too.
     */
    constructor(name: string, args: SiteArgs, opts?: pulumi.ComponentResourceOptions) {
        super("isardvdi:index:Site", name, {}, opts);
        const ground = { parent: this, name, args, ...foundation(name, args) };
        this.hypervisors = makeParts(ground);
        this.status = byId(this.hypervisors, ({ status }) => status);
        this.addresses = byId(this.hypervisors, ({ hostname }) => hostname);
        this.opened = openedBy(ground);
        this.registerOutputs({ status: this.status, addresses: this.addresses, opened: this.opened });
    }
}

function byId<T>(
    hypervisors: Record<string, Hypervisor>,
    of: (hypervisor: Hypervisor) => pulumi.Output<T>,
): pulumi.Output<Record<string, T>> {
    const values = Object.entries(hypervisors).map(([id, each]) => of(each).apply((value): [string, T] => [id, value]));
    return pulumi.all(values).apply((entries) => Object.fromEntries(entries) as Record<string, T>);
}
