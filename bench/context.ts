import { setMaxListeners } from "node:events";
import { readConfiguration } from "../provider/configuration";
import { openSite } from "../provider/isardvdi";
import { openFeed } from "../provider/isardvdi/watch";
import { openRemotes } from "../provider/remote";
import type { Context } from "../provider/resource";
import { openSites } from "../provider/sites";
import { silentLog, systemClock, type World } from "../provider/world";
import type { Sandbox } from "../sandbox";

/** The provider's world in this process, as its front makes it. */
export function contextFor(sandbox: Sandbox): Context {
    const { apiUrl, apiSecret, rethinkdb } = sandbox;
    const keys: Record<string, unknown> = {
        "isardvdi:apiUrl": apiUrl,
        "isardvdi:apiSecret": apiSecret,
        "isardvdi:rethinkdb": rethinkdb && { host: rethinkdb.host, port: rethinkdb.port },
    };
    const { signal } = new AbortController();
    // hundreds of resources wait at once
    setMaxListeners(0, signal);
    const world: World = { clock: systemClock, signal, log: silentLog };
    const configuration = readConfiguration((key) => keys[key], {});
    const remotes = openRemotes({ ssh: configuration.ssh });
    const sites = openSites(
        configuration,
        (settings) => openSite(settings, world),
        (settings) => Promise.resolve(openFeed(settings, { ...world, remotes })),
    );
    return { world, configuration, sites, remotes };
}
