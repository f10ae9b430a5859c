import * as pulumi from "@pulumi/pulumi";
import * as isardvdi from "pulumi-isardvdi";

// pulumi config set isardvdi:apiGeneration v4
// pulumi config set --path 'isardvdi:connections.server.host' isard.example.org
// pulumi config set --path 'isardvdi:connections.h1.host' h1.example.org
// pulumi config set --path 'serverAddresses[0]' 192.0.2.1
const addresses = new pulumi.Config().requireObject<string[]>("serverAddresses");

const site = new isardvdi.Site("bcn", {
    // other stacks may add their own hosts to the list of its video proxy: examples/remote-site does
    server: { connection: "server", addresses, videoProxy: { mode: "additive" } },
    hypervisors: {
        // hostname: the DOMAIN of the host's isardvdi.cfg, as the engine and the video proxy know it
        h1: { connection: "h1", hostname: "h1", flavour: "hypervisor-standalone" },
    },
});

export const status = site.status;
export const opened = site.opened;
export const serverAddresses = addresses;
