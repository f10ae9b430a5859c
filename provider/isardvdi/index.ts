import type { Dispatcher } from "undici";
import { silentLog, type Clock } from "../world";
import type { Call, IsardApi, SiteSettings } from "./api";
import { openTokens, ServerClock } from "./credentials";
import { findGeneration } from "./generation";
import { openRequester } from "./requester";
import { siteApi } from "./site";
import { openTransport } from "./transport";

export interface SiteWorld {
    clock: Clock;
    signal: AbortSignal;
    /** Stands in for undici's own pool, in tests. */
    dispatcher?: Dispatcher;
    /** Jitter, between 0 and 1. */
    random?: () => number;
    /** Requests at once to one site. */
    maxConcurrent?: number;
}

/** Opens a site: finds its API generation, and from then on serves every resource of the process. */
export async function openSite(settings: SiteSettings, world: SiteWorld, log = silentLog): Promise<IsardApi> {
    const { clock, signal, dispatcher, random = Math.random, maxConcurrent = 8 } = world;
    const transport = openTransport(settings, clock, dispatcher);
    const server = new ServerClock(clock);
    const call: Call = { signal, log };
    const { generation, release } = await findGeneration(settings, transport, server, clock, call);
    const tokens = openTokens(settings, transport, clock, server);
    return siteApi(generation, release, openRequester(transport, tokens, { clock, random, maxConcurrent }), clock);
}

export type { IsardApi } from "./api";
