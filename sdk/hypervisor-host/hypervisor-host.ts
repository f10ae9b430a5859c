import * as pulumi from "@pulumi/pulumi";
import { readConfiguration } from "../../provider/configuration";
import { IsardvdiError } from "../../provider/errors";
import type { HypervisorArgs } from "../generated/hypervisor";
import { refusal } from "../refusal";
import type { HypervisorHostArgs } from "./args";
import { mistakesOf } from "./check";
import { commandConnection, givenConnection } from "./connection";
import { declared } from "./declared";
import { buildParts } from "./parts";
import { type HostPlan, planHost } from "./plan";
import { settingsOf } from "./settings";

/**
 * A Debian machine made a hypervisor's host of either flavour: checked, IsardVDI checked out at a release, its
 * isardvdi.cfg written and built, its containers started, each of them only when something changed that it reads.
 *
 * @example
 * const config = new pulumi.Config();
 * const host = new isardvdi.HypervisorHost("h1", {
 *     connection: "h1",
 *     hostname: "h1.example.org",
 *     release: "v17.1.0",
 *     server: { domain: "isard.example.org" },
 *     hypervisorsSecret: config.requireSecret("hypervisorsSecret"),
 * });
 * new isardvdi.Hypervisor("h1", { ...host.declared, registration: "self" }, { dependsOn: host });
 */
export class HypervisorHost extends pulumi.ComponentResource {
    /** The name at which the server reaches the host. */
    readonly hostname: pulumi.Output<string>;
    /** The commit of IsardVDI that is checked out. */
    readonly commit: pulumi.Output<string>;
    /** Address of each container, by its name. */
    readonly containers: pulumi.Output<Record<string, string>>;
    /** What the host says of itself when it registers, in the arguments of `Hypervisor`. */
    readonly declared: Pick<HypervisorArgs, "hostname"> & Partial<HypervisorArgs>;

    /**
     * @param name - Name of the host, and its `hyperId` by default.
     * @param args - See docs/reference/hypervisor-host.md.
     * @param opts - Pulumi's own options.
     */
    constructor(name: string, args: HypervisorHostArgs, opts?: pulumi.ComponentResourceOptions) {
        super("isardvdi:index:HypervisorHost", name, {}, opts);
        const { plan, connection } = foundation(name, args);
        const parts = buildParts({
            name,
            plan,
            connection,
            reached: commandConnection(connection),
            settings: settingsOf(args, name),
            opts: { parent: this },
        });
        this.hostname = pulumi.output(args.hostname);
        this.commit = parts.commit;
        this.containers = parts.containers;
        this.declared = declared(args, name);
        this.registerOutputs({ hostname: this.hostname, commit: this.commit, containers: this.containers });
    }
}

/** What is known before the host is dialled; a mistake ends the program here, all of them at once. */
function foundation(
    name: string,
    args: HypervisorHostArgs,
): { plan: HostPlan; connection: ReturnType<typeof givenConnection> } {
    try {
        const configuration = readConfiguration((key) => pulumi.runtime.getConfig(key));
        const mistakes = mistakesOf(args, configuration);
        if (mistakes.length > 0) throw refusal("build", `hypervisor host "${name}"`, mistakes);
        return { plan: planHost(args), connection: givenConnection(args.connection, configuration) };
    } catch (error) {
        // a user's mistake is told in a line, without a stack
        throw error instanceof IsardvdiError ? new pulumi.RunError(error.message) : error;
    }
}
