import { IsardvdiError } from "../errors";
import type { HypervisorRecord, IsardApi } from "../isardvdi/api";
import type { Feed } from "../isardvdi/watch";
import { Channel } from "../wait/channel";
import { poll } from "../wait/poll";
import type { World } from "../world";
import { findTogether } from "./batch";

export type Source = "auto" | "changefeed" | "api";
/** A record at one moment; none where there is none. */
export type Seen = HypervisorRecord | undefined;

export interface Watched {
    api: IsardApi;
    /** Absent where the site's database is not configured. */
    feed: Feed | undefined;
    source: Source;
    hyperId: string;
}

/** Where a record is watched: the database's change feed and the API tell the same, and either stands in for the other. */
export interface Watch {
    records: (signal: AbortSignal) => AsyncIterable<Seen>;
    /** As it is now. */
    look: (signal: AbortSignal) => Promise<Seen>;
    /** As it is now, where records come by the feed and may be late; undefined when it cannot be had. */
    confirm?: () => Promise<{ seen: Seen } | undefined>;
}

/** Milliseconds that a feed may take to open, or to come back, before the API is asked in its place. */
const grace = 500;
/** An absence counts only when it lasts, so it is looked at again although the feed says nothing. */
const whileAbsent = [2000];

export function watchOf({ api, feed, source, hyperId }: Watched, world: World): Watch {
    const ask = (signal: AbortSignal): Promise<Seen> => findTogether(api, hyperId, { signal, log: world.log });
    if (source === "changefeed" && !feed) throw notConfigured(hyperId);
    if (source === "api" || !feed) return { records: (signal) => patiently(ask, waiting, world, signal), look: ask };

    const look = (signal: AbortSignal): Promise<Seen> =>
        feed.state.live ? feed.read(hyperId).catch(() => ask(signal)) : ask(signal);
    let last: Told | undefined;
    return {
        look,
        async *records(signal) {
            for await (const told of follow(feed, { look, source, hyperId }, world, signal)) {
                last = told;
                yield told.seen;
            }
        },
        // nobody else is asked: a feed that is lost here tells the present record when it is back
        async confirm() {
            if (last?.isFresh) return last;
            return feed.read(hyperId).then(
                (seen) => ({ seen }),
                () => undefined,
            );
        },
    };
}

/** A record, and whether it was looked at or came by the feed. */
interface Told {
    seen: Seen;
    isFresh: boolean;
}

interface Following {
    look: (signal: AbortSignal) => Promise<Seen>;
    source: Source;
    hyperId: string;
}

/** The feed's records; while it is away, or tells of no record, the present one is looked at in between. */
async function* follow(
    feed: Feed,
    { look, source, hyperId }: Following,
    world: World,
    signal: AbortSignal,
): AsyncGenerator<Told> {
    const records = new Channel<Told>();
    let looking: AbortController | undefined;
    let isAbsent = false;
    const adjust = (): void => {
        const isNeeded = !feed.state.live || isAbsent;
        if (!isNeeded) {
            looking?.abort(new Error("the feed tells it"));
            looking = undefined;
        } else if (!looking) {
            const over = (looking = new AbortController());
            const either = AbortSignal.any([signal, over.signal]);
            void lookOn(either).catch((error: unknown) => either.aborted || records.fail(error));
        }
    };
    const receive = (seen: Seen, isFresh: boolean): void => {
        isAbsent = seen === undefined;
        records.push({ seen, isFresh });
        adjust();
    };
    const lookOn = async (over: AbortSignal): Promise<void> => {
        const wait = isAbsent ? 2000 : isRefused(feed) ? 0 : grace;
        await world.clock.sleep(wait, over);
        for await (const seen of patiently(look, waiting, world, over, isAbsent ? whileAbsent : undefined)) {
            // what was asked before the feed came back may be older than what the feed has told
            if (!over.aborted) receive(seen, true);
        }
    };
    const end = feed.subscribe(hyperId, {
        record: (seen) => receive(seen, false),
        state(state) {
            if (!state.live && state.reason) {
                const { reason, wasLive } = state;
                if (source === "changefeed" && (reason.isFinal || !wasLive)) return records.fail(reason);
                if (wasLive)
                    world.log.status(`the change feed is lost (${reason.seen}): asking the API until it is back`);
                else if (feed.warns())
                    world.log.warn(`The change feed cannot be used, the API is asked instead. ${reason.message}`);
            }
            adjust();
        },
    });
    // a generator that waits for its next value is ended by nothing else
    const cut = (): void => records.fail(signal.reason);
    signal.addEventListener("abort", cut, { once: true });
    try {
        yield* records;
    } finally {
        signal.removeEventListener("abort", cut);
        end();
        looking?.abort(new Error("the wait has ended"));
    }
}

const waiting = "still waiting for Online";

const isRefused = ({ state }: Feed): boolean => !state.live && state.reason?.isFinal === true;

/** An API that is away for a while ends no wait: only answers that stay the same do. */
export async function* patiently(
    look: (signal: AbortSignal) => Promise<Seen>,
    doing: string,
    world: World,
    signal: AbortSignal,
    intervals?: number[],
): AsyncGenerator<Seen> {
    const tolerant = async (): Promise<{ record: Seen } | undefined> => {
        try {
            return { record: await look(signal) };
        } catch (error) {
            if (!(error instanceof IsardvdiError) || !error.retryable || signal.aborted) throw error;
            world.log.status(`${doing}: ${error.seen}`);
            return undefined;
        }
    };
    for await (const seen of poll(tolerant, world.clock, signal, intervals)) {
        if (seen) yield seen.record;
    }
}

function notConfigured(hyperId: string): IsardvdiError {
    return new IsardvdiError({
        code: "bad-configuration",
        action: "watch",
        resource: `hypervisor "${hyperId}"`,
        seen: 'awaitOnline.source is "changefeed", and neither isardvdi:rethinkdb nor isardvdi:server is set',
        advice: 'Set one of them, or let source be "auto".',
        property: "awaitOnline",
    });
}
