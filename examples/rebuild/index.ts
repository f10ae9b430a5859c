import * as pulumi from "@pulumi/pulumi";
import * as isardvdi from "pulumi-isardvdi";

interface Host {
    /** Its DOMAIN. */
    hostname: string;
    /** A name in isardvdi:connections. */
    connection: string;
    flavour?: "hypervisor" | "hypervisor-standalone";
    kvmModule: "intel" | "amd";
    /** Raise it after the host was installed anew: its record then gets the new keys, by one registration. */
    installed: number;
}

// pulumi config set --path 'hosts.h1.hostname' h1.example.org, and so on; pulumi config set release v17.18.0
const config = new pulumi.Config();
const hosts = config.requireObject<Record<string, Host>>("hosts");
const release = config.require("release");

const site = new isardvdi.Site("site", {
    server: { connection: "server" },
    // the others go on serving desktops meanwhile
    maxUnavailable: 1,
    hypervisors: Object.fromEntries(
        Object.entries(hosts).map(([id, { installed, ...host }]) => [
            id,
            {
                ...host,
                registration: "api",
                triggers: [release, installed],
                // a registration waits for the desktops to stop
                deletion: { policy: "drain", timeoutSeconds: 3600 },
            },
        ]),
    ),
});

export const status = site.status;
export const opened = site.opened;
