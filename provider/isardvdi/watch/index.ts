import type { Remotes } from "../../remote";
import type { Clock } from "../../world";
import type { SiteSettings } from "../api";
import { Feed } from "./feed";
import { connectBy, routesTo } from "./routes";

/** The change feed of a site's hypervisors; nothing is dialled, and no driver loaded, before somebody waits. */
export function openFeed(
    { database, server }: SiteSettings,
    { clock, signal, remotes }: { clock: Clock; signal: AbortSignal; remotes: Remotes },
): Feed | undefined {
    if (!database) return undefined;
    const routes = routesTo(database, server && remotes.open(server));
    return new Feed({ clock, signal, connect: connectBy(routes) });
}

export type { Feed } from "./feed";
