import * as isardvdi from "pulumi-isardvdi";

// the server's GENEVE_ONLY_INFRA is true already; switchTunnelling: true would write it, and cut every user's tunnel once
const site = new isardvdi.Site("dc", {
    vpnTunnelingMode: "geneve",
    // who may use what is opened on the server: the network of the hosts
    server: { connection: "server", sourceCidrs: ["10.0.0.0/8"] },
    hypervisors: {
        h1: { connection: "h1", hostname: "h1", storage: true, awaitOnline: { timeoutSeconds: 600 } },
        h2: { connection: "h2", hostname: "h2", minFreeMemGb: 16 },
    },
});

export const status = site.status;
export const opened = site.opened;
