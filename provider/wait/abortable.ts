import { asError } from "../as-error";

/** What several callers wait for together, as one of them does: it leaves when it is cancelled, the rest stay. */
export async function abortable<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    let leave: (() => void) | undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
        leave = () => reject(asError(signal.reason));
        signal.addEventListener("abort", leave, { once: true });
    });
    try {
        return await Promise.race([shared, aborted]);
    } finally {
        if (leave) signal.removeEventListener("abort", leave);
    }
}
