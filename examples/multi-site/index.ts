import * as pulumi from "@pulumi/pulumi";
import * as isardvdi from "pulumi-isardvdi";

// DOMAIN of each hypervisor's host; how APIs, servers and hosts are reached stands in isardvdi:sites and isardvdi:connections
const sites: Record<string, Record<string, string>> = {
    bcn: { "bcn-h1": "h1" },
    mad: { "mad-h1": "h1" },
};

// a stack has all sites, or after "pulumi config set site bcn" that one alone
const only = new pulumi.Config().get("site");
if (only !== undefined && !(only in sites)) throw new pulumi.RunError(`There is no site "${only}" in this program.`);

export const status: Record<string, pulumi.Output<Record<string, string>>> = {};
for (const name of only === undefined ? Object.keys(sites) : [only]) {
    const hosts = Object.entries(sites[name] ?? {});
    const site = new isardvdi.Site(name, {
        site: name,
        server: { connection: `${name}-server` },
        hypervisors: Object.fromEntries(hosts.map(([id, hostname]) => [id, { connection: id, hostname }])),
    });
    status[name] = site.status;
}
