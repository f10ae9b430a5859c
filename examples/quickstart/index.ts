import * as isardvdi from "pulumi-isardvdi";

// a host with its own video proxy
const h1 = new isardvdi.Hypervisor("h1", {
    hostname: "h1",
    kvmModule: "intel",
});

// a host whose desktops are shown through the site's proxy
const h2 = new isardvdi.Hypervisor("h2", {
    hostname: "h2",
    kvmModule: "amd",
    flavour: "hypervisor-standalone",
});

export const status = { h1: h1.status, h2: h2.status };
