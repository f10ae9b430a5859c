import { setMaxListeners } from "node:events";
import { readConfiguration } from "../provider/configuration";
import { openSite } from "../provider/isardvdi";
import { openRemotes } from "../provider/remote";
import type { Context } from "../provider/resource";
import { openSites } from "../provider/sites";
import { silentLog, systemClock, type World } from "../provider/world";
import type { Sandbox } from "../sandbox";

/** The provider's world in this process, as its front makes it. */
export function contextFor(sandbox: Sandbox): Context {
    const keys: Record<string, string> = {
        "isardvdi:apiUrl": sandbox.apiUrl,
        "isardvdi:apiSecret": sandbox.apiSecret,
    };
    const { signal } = new AbortController();
    // hundreds of resources wait at once
    setMaxListeners(0, signal);
    const world: World = { clock: systemClock, signal, log: silentLog };
    const configuration = readConfiguration((key) => keys[key], {});
    const sites = openSites(configuration, (settings) => openSite(settings, world));
    return { world, configuration, sites, remotes: openRemotes({ ssh: configuration.ssh }) };
}
