import * as pulumi from "@pulumi/pulumi";
import { type Configuration, readConfiguration } from "../../provider/configuration";
import { IsardvdiError } from "../../provider/errors";
import { mistakesOf as mistakesOfHost } from "../hypervisor-host/check";
import { refusal } from "../refusal";
import type { SiteArgs } from "./args";
import { mistakesOf } from "./check";
import { planSite } from "./plan";
import { hostArgs, isPlain } from "./host";
import { type Hosts, hostsOf } from "./hosts";
import { type Ground, hostnameOf } from "./parts";
import { releaseOf } from "./release";
import { addressesOf } from "./server-addresses";

/** What a site is made of, known before the first part is made; a mistake ends the program here, all of them at once. */
export function foundation(
    name: string,
    args: SiteArgs,
): Pick<Ground, "plan" | "serverAddresses" | "hosts" | "apiHost"> {
    try {
        const configuration = readConfiguration((key) => pulumi.runtime.getConfig(key));
        const release = releaseOf(args, configuration);
        const hosts = hostsOf(configuration);
        const apiHost = new URL(configuration.site(args.site).apiUrl).hostname;
        const mistakes = [...mistakesOf(args, release, hosts), ...hostMistakes(args, hosts, configuration, apiHost)];
        if (!release || mistakes.length > 0) throw refusal("compose", `site "${name}"`, mistakes);
        return {
            hosts,
            apiHost,
            plan: planSite(args, release),
            serverAddresses: args.server && addressesOf(args.server, hosts),
        };
    } catch (error) {
        // a user's mistake is told in a line, without a stack
        throw error instanceof IsardvdiError ? new pulumi.RunError(error.message) : error;
    }
}

/** What `HypervisorHost` would refuse of the hosts that are built. */
function hostMistakes(args: SiteArgs, hosts: Hosts, configuration: Configuration, apiHost: string): string[] {
    return Object.entries(args.hypervisors).flatMap(([id, each]) => {
        const { host, capabilities, connection } = each;
        // a connection that is not there is told once, by its name
        if (!host || hosts.of(connection) === undefined) return [];
        const own = hostArgs(id, { ...each, host }, args, hostnameOf(hosts, each), apiHost);
        const unsure = capabilities !== undefined && !isPlain(capabilities);
        return [
            ...mistakesOfHost(own, configuration),
            ...(unsure
                ? ["capabilities come from another resource, and a host is built by them. Give them as they are"]
                : []),
        ].map((mistake) => `${id}: ${mistake}`);
    });
}
