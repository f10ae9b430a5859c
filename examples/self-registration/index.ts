import type * as pulumi from "@pulumi/pulumi";
import * as isardvdi from "pulumi-isardvdi";

// HYPER_ID and DOMAIN of each host's isardvdi.cfg, whose isard-hypervisor container registers it at boot
const hosts: Record<string, string> = { h1: "h1", h2: "h2" };

export const status: Record<string, pulumi.Output<string>> = {};
for (const [hyperId, hostname] of Object.entries(hosts)) {
    const hypervisor = new isardvdi.Hypervisor(hyperId, {
        hostname,
        registration: "self",
        // written after the container's last boot step, and again after each of its restarts
        description: `deployed as ${hostname}`,
        minFreeMemGb: 8,
    });
    status[hyperId] = hypervisor.status;
}
