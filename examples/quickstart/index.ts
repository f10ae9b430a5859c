import * as pulumi from "@pulumi/pulumi";
import * as isardvdi from "pulumi-isardvdi";

const hosts = {
    // a host with its own video proxy
    h1: { flavour: "hypervisor", kvmModule: "intel" },
    // a host whose desktops are shown through the site's proxy
    h2: { flavour: "hypervisor-standalone", kvmModule: "amd" },
} as const;

// how to log in to h1 and h2, by their names; the keys stay there, and out of every resource's state
const connected = new pulumi.Config("isardvdi").getSecretObject("connections") !== undefined;
if (!connected) void pulumi.log.info("no isardvdi:connections: the ports of the hosts must be open already");

// viewers come in through the site's server, which lets them through to the hosts of its list alone
const listed = Object.entries(hosts).flatMap(([name, { flavour }]) =>
    flavour === "hypervisor-standalone" ? [name] : [],
);
const video = connected
    ? [new isardvdi.VideoProxyConfig("video", { connection: "server", hypervisorHostnames: listed })]
    : [];

export const status: Record<string, pulumi.Output<string>> = {};
for (const [name, { flavour, kvmModule }] of Object.entries(hosts)) {
    const { host: forwards } = isardvdi.requiredForwards({
        flavour,
        vpnTunnelingMode: "wireguard+geneve",
        release: "v4",
    });
    // without them IsardVDI reaches no hypervisor: its container publishes no port
    const opened = (connected ? forwards : []).map(
        ({ why: _why, ...rule }) =>
            new isardvdi.PortForward(`${name}-${rule.protocol}-${rule.port}`, { connection: name, ...rule }),
    );
    const hypervisor = new isardvdi.Hypervisor(
        name,
        { hostname: name, kvmModule, flavour },
        { dependsOn: [...opened, ...video] },
    );
    status[name] = hypervisor.status;
}
