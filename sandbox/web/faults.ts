import type { Answer } from "./exchange";

/** A disturbance between client and API, for the requests it matches. */
export interface ApiFault {
    /** Tested on "METHOD path"; left out, every request. */
    match?: RegExp;
    kind: "status" | "html" | "slow" | "drop" | "badjson";
    status?: number;
    body?: unknown;
    /** Wall-clock milliseconds that the answer is held back. */
    delayMs?: number;
    /** Holds the answer back until it is settled. */
    until?: Promise<unknown>;
    /** How many requests it strikes; left out, all until removed. */
    times?: number;
    /** Strike after the work is done: the change happened and its answer is lost. */
    after?: boolean;
}

export class Faults {
    private readonly active = new Map<ApiFault, { left: number }>();

    add(fault: ApiFault): () => void {
        this.active.set(fault, { left: fault.times ?? Infinity });
        return () => this.active.delete(fault);
    }

    clear(): void {
        this.active.clear();
    }

    take(line: string): ApiFault | undefined {
        for (const [fault, count] of this.active) {
            if (fault.match && !fault.match.test(line)) continue;
            count.left -= 1;
            if (count.left <= 0) this.active.delete(fault);
            return fault;
        }
        return undefined;
    }
}

/** What the client gets to see instead; undefined when only the connection suffers. */
export function faultAnswer(fault: ApiFault): Answer | undefined {
    switch (fault.kind) {
        case "status":
            return {
                status: fault.status ?? 500,
                type: "application/json",
                content: JSON.stringify(
                    fault.body ?? { error: "internal_server", description: "Internal server error" },
                ),
            };
        case "html":
            return {
                status: fault.status ?? 503,
                type: "text/html",
                content:
                    typeof fault.body === "string"
                        ? fault.body
                        : "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n",
            };
        case "badjson":
            return { status: fault.status ?? 200, type: "application/json", content: '[{"id": "hyp' };
        case "slow":
        case "drop":
            return undefined;
    }
}
