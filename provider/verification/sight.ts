import { asObject } from "../is-object";
import { asError } from "../as-error";
import type { Duplex } from "node:stream";
import { DeadlinePassed, withDeadline } from "../concurrency/deadline";
import { IsardvdiError } from "../errors";
import { systemClock } from "../world";

/** What one packet met. */
export type Sight =
    { kind: "answered"; said: string | undefined } | { kind: "refused" } | { kind: "lost"; reason: string };

/** So long a service may take to speak first. */
const bannerMs = 1500;
/** So long an answer to the first packet may take. */
const answerMs = 4000;

/** Opens a connection, and reads what the service says of itself, where it speaks first. */
export async function lookAt(open: (signal: AbortSignal) => Promise<Duplex>, signal: AbortSignal): Promise<Sight> {
    try {
        const stream = await withDeadline(answerMs, { clock: systemClock, signal }, (either) =>
            abortable(open(either), either),
        );
        try {
            return { kind: "answered", said: await banner(stream, signal) };
        } finally {
            stream.destroy();
        }
    } catch (error) {
        signal.throwIfAborted();
        if (error instanceof DeadlinePassed) return { kind: "lost", reason: `no answer within ${answerMs / 1000} s` };
        return sightOf(error);
    }
}

/** An error of a socket of ours, or of a stream that a host opened for us: there the cause has the host's words. */
export function sightOf(error: unknown): Sight {
    const { code } = asObject(error);
    const { seen, cause } = error instanceof IsardvdiError ? error : { seen: undefined, cause: undefined };
    const words = cause instanceof Error ? cause.message.replace(/^.*Channel open failure: /, "") : undefined;
    const said = words ?? asError(error).message;
    if (code === "ECONNREFUSED" || /refused/i.test(said)) return { kind: "refused" };
    return { kind: "lost", reason: seen ? [seen, words].filter(Boolean).join(", ") : said };
}

/** A stream that comes too late is closed, not leaked. */
async function abortable(opening: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
    let over = false;
    const aborted = new Promise<never>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(asError(signal.reason)), { once: true });
    });
    void opening.then(
        (stream) => over && stream.destroy(),
        () => undefined,
    );
    try {
        return await Promise.race([opening, aborted]);
    } catch (error) {
        over = true;
        throw error;
    }
}

function banner(stream: Duplex, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
        const end = (said: string | undefined): void => {
            clearTimeout(timer);
            signal.removeEventListener("abort", onEnd);
            resolve(said);
        };
        const onEnd = (): void => end(undefined);
        const timer = setTimeout(onEnd, bannerMs);
        signal.addEventListener("abort", onEnd, { once: true });
        stream.once("data", (chunk: Buffer | string) => end(firstLine(String(chunk.slice(0, 200)))));
        stream.once("end", onEnd);
        stream.once("close", onEnd);
        stream.on("error", onEnd);
    });
}

/** One printable line: what a stranger sends must not reach a terminal as it is. */
const firstLine = (text: string): string | undefined =>
    text
        .split(/\r?\n/)[0]
        ?.replace(/[^\x20-\x7e]/g, "")
        .slice(0, 80) || undefined;
