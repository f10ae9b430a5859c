import type { Configuration } from "./configuration";
import type { IsardApi, SiteSettings } from "./isardvdi/api";

/** The sites of one process, each opened once and shared by all resources. */
export interface Sites {
    open(name: string | undefined): Promise<IsardApi>;
}

export function openSites(configuration: Configuration, connect: (settings: SiteSettings) => Promise<IsardApi>): Sites {
    const opened = new Map<string, Promise<IsardApi>>();
    return {
        open(name) {
            const key = name ?? "";
            const known = opened.get(key);
            if (known) return known;
            // settings are read here so that a missing key is an error of the resource that needs it
            const opening = Promise.resolve().then(() => connect(configuration.site(name)));
            opened.set(key, opening);
            opening.catch(() => opened.delete(key));
            return opening;
        },
    };
}
