import type { z as zod } from "zod";
import type { HypervisorProperty } from "../ways";
import { port } from "./port";

const name = (z: typeof zod) => z.string().min(1).max(255);

/** How clients, the VPN and VLANs meet the hypervisor. */
export const network = {
    viewer: {
        doc: "Where clients find the hypervisor's desktops; parts that are not set follow `flavour`, and one that is taken out of the program goes back to it.",
        schema: (z) =>
            z.strictObject({
                staticUrl: name(z).optional().describe("Host of the static files; the hostname by default."),
                videoUrl: name(z).optional().describe("Host of the video proxy; the hostname by default."),
                proxyHyperUrl: name(z)
                    .optional()
                    .describe("Host the video proxy dials: `isard-hypervisor`, or the hostname when standalone."),
                spicePort: port(z).optional().describe("SPICE port, 80 by default."),
                html5Port: port(z).optional().describe("Port of the browser viewer, 443 by default."),
            }),
        change: "update",
        parted: true,
        defaultText: "by `flavour`",
        via: "patch",
    },
    vpnHost: {
        doc: "Name at which the hypervisor reaches the site's VPN.",
        schema: name,
        change: "update",
        defaultText: "the server's domain",
        via: "patch",
    },
    vlans: {
        doc: "VLANs of the host's trunk, made known to the site; never removed from it, for others may use them. API v4 only.",
        schema: (z) => z.array(z.int().min(1).max(4094)),
        change: "update",
        unordered: true,
        defaultText: "none",
        source: "rows `v<N>` of `interfaces`",
        via: "vlans",
    },
} satisfies Record<string, HypervisorProperty>;
