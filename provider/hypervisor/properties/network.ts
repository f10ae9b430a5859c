import type { Property } from "../../resource";
import { port } from "./port";

/** How clients, the VPN and VLANs meet the hypervisor. */
export const network: Record<string, Property> = {
    viewer: {
        doc: "Where clients find the hypervisor's desktops; parts that are not set follow `flavour`, and one that is taken out of the program goes back to it.",
        schema: (z) =>
            z.strictObject({
                staticUrl: z
                    .string()
                    .min(1)
                    .max(255)
                    .optional()
                    .describe("Host of the static files; the hostname by default."),
                videoUrl: z
                    .string()
                    .min(1)
                    .max(255)
                    .optional()
                    .describe("Host of the video proxy; the hostname by default."),
                proxyHyperUrl: z
                    .string()
                    .min(1)
                    .max(255)
                    .optional()
                    .describe("Host the video proxy dials: `isard-hypervisor`, or the hostname when standalone."),
                spicePort: port(z).optional().describe("SPICE port, 80 by default."),
                html5Port: port(z).optional().describe("Port of the browser viewer, 443 by default."),
            }),
        change: "update",
        parted: true,
        defaultText: "by `flavour`",
        source: "`viewer`",
        request: "table update",
    },
    vpnHost: {
        doc: "Name at which the hypervisor reaches the site's VPN.",
        schema: (z) => z.string().min(1).max(255),
        change: "update",
        defaultText: "the server's domain",
        source: "`isard_hyper_vpn_host`",
        request: "table update",
    },
    vlans: {
        doc: "VLANs of the host's trunk, made known to the site; never removed from it, for others may use them. API v4 only.",
        schema: (z) => z.array(z.int().min(1).max(4094)),
        change: "update",
        unordered: true,
        defaultText: "none",
        source: "rows `v<N>` of `interfaces`",
        request: "POST vlans",
    },
};
