import type { Configuration } from "./configuration";
import type { IsardApi, SiteSettings } from "./isardvdi/api";
import type { Feed } from "./isardvdi/watch";

/** The sites of one process, each opened once and shared by all resources. */
export interface Sites {
    open(name: string | undefined): Promise<IsardApi>;
    /** The change feed of the site's hypervisors; undefined where its database is not configured. */
    feed(name: string | undefined): Promise<Feed | undefined>;
}

export function openSites(
    configuration: Configuration,
    connect: (settings: SiteSettings) => Promise<IsardApi>,
    follow: (settings: SiteSettings) => Promise<Feed | undefined> = () => Promise.resolve(undefined),
): Sites {
    return {
        open: once((name) => connect(configuration.site(name))),
        feed: once((name) => follow(configuration.site(name))),
    };
}

/** What was made for a site serves all its resources; what failed is tried again. */
function once<T>(make: (name: string | undefined) => Promise<T>): (name: string | undefined) => Promise<T> {
    const made = new Map<string, Promise<T>>();
    return (name) => {
        const key = name ?? "";
        const known = made.get(key);
        if (known) return known;
        // settings are read here so that a missing key is an error of the resource that needs it
        const making = Promise.resolve().then(() => make(name));
        made.set(key, making);
        making.catch(() => made.delete(key));
        return making;
    };
}
