import * as isardvdi from "pulumi-isardvdi";

// What the site has, as "pulumi-isardvdi adopt" found it:
// the next `pulumi up` takes it over, and the one after has nothing to do.
// away: no connection is named away or leads to h3, so that its host was not looked at. Add it to isardvdi:connections, or give --host away=NAME.

const forwards = {
    h1: [
        new isardvdi.PortForward("h1-tcp-2022", {
            connection: "h1",
            protocol: "tcp",
            port: 2022,
            toAddress: "172.31.255.17",
            adopt: true,
        }),
    ],
    h2: [
        new isardvdi.PortForward("h2-tcp-2022", {
            connection: "h2",
            protocol: "tcp",
            port: 2022,
            toAddress: "172.31.255.17",
            adopt: true,
        }),
        new isardvdi.PortForward("h2-tcp-5900-7899", {
            connection: "h2",
            protocol: "tcp",
            port: "5900-7899",
            toAddress: "172.31.255.17",
            adopt: true,
        }),
        // no PortForward is equal to this rule, which stays as it is: -A PREROUTING ! -s 192.0.2.0/24 -p tcp -m tcp --dport 8022 -j DNAT --to-destination 172.31.255.17:2022 (its sources are no one network)
    ],
};

const video = new isardvdi.VideoProxyConfig("video", { connection: "server", hypervisorHostnames: ["h2"], ports: "5900-7899" });

const hypervisors = {
    // is Error: Cannot connect to libvirt
    away: new isardvdi.Hypervisor("away", {
        hostname: "h3",
        kvmModule: "intel",
        vpnHost: "isard.example.test",
        viewer: {
            staticUrl: "isard.example.test",
            videoUrl: "isard.example.test",
            proxyHyperUrl: "isard-hypervisor",
            spicePort: 80,
            html5Port: 443,
        },
        awaitOnline: false,
    }, { dependsOn: [video] }),
    h1: new isardvdi.Hypervisor("h1", {
        hostname: "h1",
        kvmModule: "intel",
        vpnHost: "isard.example.test",
        viewer: {
            staticUrl: "isard.example.test",
            videoUrl: "isard.example.test",
            proxyHyperUrl: "isard-hypervisor",
            spicePort: 80,
            html5Port: 443,
        },
    }, { dependsOn: [...forwards["h1"], video] }),
    h2: new isardvdi.Hypervisor("h2", {
        hostname: "h2",
        flavour: "hypervisor-standalone",
        registration: "self",
        onlyForced: true,
    }, { dependsOn: [...forwards["h2"], video] }),
};

export const status = Object.fromEntries(
    Object.entries(hypervisors).map(([name, { status: now }]) => [name, now]),
);
