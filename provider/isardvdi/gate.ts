import { asError } from "../as-error";

/** Lets a bounded number in at once, in the order they came; the rest wait, and leave when they are cancelled. */
export function gate(places: number): (signal: AbortSignal) => Promise<() => void> {
    let taken = 0;
    const waiting: (() => void)[] = [];
    const leave = (): void => {
        const next = waiting.shift();
        if (next) next();
        else taken -= 1;
    };
    return async (signal) => {
        signal.throwIfAborted();
        if (taken < places) {
            taken += 1;
            return leave;
        }
        return new Promise((resolve, reject) => {
            const enter = (): void => {
                signal.removeEventListener("abort", give);
                resolve(leave);
            };
            const give = (): void => {
                waiting.splice(waiting.indexOf(enter), 1);
                reject(asError(signal.reason));
            };
            waiting.push(enter);
            signal.addEventListener("abort", give, { once: true });
        });
    };
}
