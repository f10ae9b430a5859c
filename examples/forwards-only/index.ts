import * as pulumi from "@pulumi/pulumi";
import * as isardvdi from "pulumi-isardvdi";

// pulumi config set --path 'isardvdi:connections.h1.host' h1.example.org
// pulumi config set --secret --path 'isardvdi:connections.h1.privateKey' < ~/.ssh/id_ed25519
const config = new pulumi.Config();
const host = config.get("host") ?? "h1";

const { host: forwards } = isardvdi.requiredForwards({
    flavour: "hypervisor-standalone",
    vpnTunnelingMode: "wireguard+geneve",
    release: "v4",
});

// the name alone: the key stays in the configuration, and out of every resource's state
const opened = forwards.map(
    ({ why: _why, ...rule }) =>
        new isardvdi.PortForward(`${host}-${rule.protocol}-${rule.port}`, { connection: host, ...rule }),
);

export const rules = opened.map((forward) => forward.rules);
export const verified = opened.map((forward) => forward.verified);
