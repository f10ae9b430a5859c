import * as pulumi from "@pulumi/pulumi";
import * as isardvdi from "pulumi-isardvdi";

// pulumi config set central organization/isardvdi-single-standalone/prod
const central = new pulumi.StackReference(new pulumi.Config().require("central"));

const site = new isardvdi.Site("remote", {
    server: {
        connection: "server",
        // the hosts let in that server alone, as its own stack tells it
        addresses: central.requireOutput("serverAddresses") as pulumi.Output<string[]>,
        // that stack has opened what is needed on the server, and its video list is shared
        forwards: false,
        videoProxy: { mode: "additive" },
    },
    hypervisors: {
        h2: { connection: "h2", hostname: "h2", flavour: "hypervisor-standalone" },
    },
});

export const status = site.status;
