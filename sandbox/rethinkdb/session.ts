import type { Database } from "../database";
import type { SiteClock } from "../clock";
import { QUERY, RESPONSE, type Response } from "./protocol";
import { asDatum, type Scope, type User } from "./query/call";
import { evaluate } from "./query/evaluate";
import { Feed, OpenFeed } from "./query/feed";
import { isObject, Rows, type Datum } from "./query/values";
import { ReqlError } from "./reql-error";

/** Rows of one answer; the rest comes with CONTINUE. */
const batch = 200;

interface OpenStream {
    take: () => Response;
    /** Nothing can be taken yet: the answer waits. */
    isIdle: () => boolean;
    close: () => void;
    asked: boolean;
}

/** The queries of one connection: each token is a stream of its own until it has ended. */
export class Session {
    private readonly streams = new Map<number, OpenStream>();

    constructor(
        private readonly database: Database,
        private readonly clock: SiteClock,
        private readonly user: User,
        private readonly send: (token: number, response: Response) => void,
    ) {}

    get feeds(): number {
        return [...this.streams.values()].filter(({ isIdle }) => isIdle()).length;
    }

    receive(token: number, text: string): void {
        const query = parsed(text);
        if (!query) return this.refuse(token, "Client is buggy (failed to deserialize query).");
        const [type, term, options] = query;
        if (type === QUERY.START) this.start(token, term, options ?? {});
        else if (type === QUERY.CONTINUE) this.proceed(token);
        else if (type === QUERY.STOP) this.stop(token);
        else if (type === QUERY.NOREPLY_WAIT) this.send(token, { t: RESPONSE.WAIT_COMPLETE, r: [] });
        else if (type === QUERY.SERVER_INFO)
            this.send(token, { t: RESPONSE.SERVER_INFO, r: [{ id: "sandbox", name: "sandbox", proxy: false }] });
        else this.refuse(token, "Client is buggy (failed to deserialize query).");
    }

    close(): void {
        for (const stream of this.streams.values()) stream.close();
        this.streams.clear();
    }

    private start(token: number, term: unknown, options: Record<string, unknown>): void {
        const reply = (response: Response): void => {
            if (options["noreply"] !== true) this.send(token, response);
        };
        try {
            const { database, user, clock } = this;
            const scope: Scope = {
                database,
                user,
                db: options["db"],
                variables: new Map(),
                row: undefined,
                now: () => clock.epochMs(),
            };
            const value = evaluate(term, scope);
            if (value instanceof Feed) this.open(token, this.feedOf(token, value));
            else if (value instanceof Rows) this.open(token, this.listOf(token, value.all()));
            else reply({ t: RESPONSE.ATOM, r: [asDatum(value)] });
        } catch (error) {
            if (!(error instanceof ReqlError)) throw error;
            reply(error.answer());
        }
    }

    /** The first answer never waits, even where it is empty. */
    private open(token: number, stream: OpenStream): void {
        this.streams.set(token, stream);
        this.send(token, stream.take());
    }

    private proceed(token: number): void {
        const stream = this.streams.get(token);
        if (!stream) return this.refuse(token, `Token ${token} not in stream cache.`);
        if (stream.isIdle()) stream.asked = true;
        else this.send(token, stream.take());
    }

    private stop(token: number): void {
        this.streams.get(token)?.close();
        this.streams.delete(token);
        this.send(token, { t: RESPONSE.SEQUENCE, r: [] });
    }

    private feedOf(token: number, feed: Feed): OpenStream {
        const open = new OpenFeed(feed, this.clock, () => {
            if (!stream.asked) return;
            stream.asked = false;
            this.send(token, stream.take());
        });
        const stream: OpenStream = {
            take: () => ({ t: RESPONSE.PARTIAL, r: open.take(), n: feed.notes }),
            isIdle: () => !open.isReady,
            close: () => open.close(),
            asked: false,
        };
        return stream;
    }

    private listOf(token: number, values: Datum[]): OpenStream {
        const take = (): Response => {
            const r = values.splice(0, batch);
            if (values.length > 0) return { t: RESPONSE.PARTIAL, r };
            this.streams.delete(token);
            return { t: RESPONSE.SEQUENCE, r };
        };
        return { take, isIdle: () => false, close: () => undefined, asked: false };
    }

    private refuse(token: number, message: string): void {
        this.send(token, { t: RESPONSE.CLIENT_ERROR, r: [message], b: [] });
    }
}

function parsed(text: string): [number, unknown, Record<string, unknown> | undefined] | undefined {
    try {
        const query = JSON.parse(text) as unknown;
        if (!Array.isArray(query) || typeof query[0] !== "number") return undefined;
        if (query[2] !== undefined && !isObject(query[2])) return undefined;
        return query as [number, unknown, Record<string, unknown> | undefined];
    } catch {
        return undefined;
    }
}
