import { createHash } from "node:crypto";
import { quoted } from "../../provider/isardvdi-cfg/quoting";

/** First line of a file that we may replace and take away. */
export const mark = "# Written by pulumi-isardvdi: change the Pulumi program, not this file.";

/** An isardvdi.cfg with just these keys; a value that sh and docker compose would read differently is refused. */
export function cfgText(settings: Readonly<Record<string, string>>): string {
    const lines = Object.entries(settings).map(([key, value]) => {
        const result = quoted(value);
        // the value may be a credential, so it is not repeated
        if ("refusal" in result) throw new RangeError(`the value of ${key} ${result.refusal}`);
        return `${key}=${result.raw}`;
    });
    return `${[mark, ...lines].join("\n")}\n`;
}

/** Services that alone read a key; any other key concerns them all. */
const readers: Readonly<Record<string, readonly string[]>> = {
    VIDEO_HYPERVISOR_HOSTNAMES: ["isard-squid", "isard-websockify"],
    VIDEO_HYPERVISOR_PORTS: ["isard-squid", "isard-websockify"],
    ACME_EMAIL: ["isard-video"],
    ACME_SERVER: ["isard-video"],
    FORBID_DOMAIN_IP: ["isard-video"],
    PROXY_PROTOCOL: ["isard-video"],
    HTTP_PORT: ["isard-video"],
    HTTPS_PORT: ["isard-video"],
    VIEWER_SPICE: ["isard-hypervisor", "isard-video"],
    VIEWER_BROWSER: ["isard-hypervisor", "isard-video"],
    REDIS_HOST: ["isard-storage"],
    REDIS_PORT: ["isard-storage"],
    REDIS_PASSWORD: ["isard-storage"],
    STORAGE_DOMAIN: ["isard-hypervisor", "isard-storage"],
    HYPERVISOR_HOST_TRUNK_INTERFACE: ["isard-hypervisor"],
    HYPERVISOR_STATIC_VLANS: ["isard-hypervisor"],
    STATS_RETHINKDB_HOST: ["isard-hypervisor"],
};

/** Keys that are others' alone: a change of them is none for the service. */
export const unreadBy = (service: string): string[] =>
    Object.keys(readers).filter((key) => !readers[key]?.includes(service));

/** Another text as soon as a value is another that the service reads; of all values, without a service. */
export function digestOf(settings: Readonly<Record<string, string>>, service?: string): string {
    const unread = new Set(service === undefined ? [] : unreadBy(service));
    const read = Object.entries(settings).filter(([key]) => !unread.has(key));
    return createHash("sha256")
        .update(JSON.stringify(read.sort(([a], [b]) => a.localeCompare(b))))
        .digest("hex");
}
