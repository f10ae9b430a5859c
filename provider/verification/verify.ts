import { IsardvdiError } from "../errors";
import { poll } from "../wait/poll";
import { waitFor, WaitTimeout } from "../wait/wait";
import type { World } from "../world";
import { findings, proof } from "./judge";
import { type Evidence, look, type Subject } from "./look";

/** A target that boots may open one port before the other; after so long it will not. */
const settledMs = 10_000;

/** Sends packets until one has provably arrived, and says how that was seen. */
export async function verify(subject: Subject, name: string, timeoutSeconds: number, world: World): Promise<string> {
    const { clock, log } = world;
    const sight = (signal: AbortSignal): Promise<Evidence> => look(subject, { signal, log, timeoutMs: 30_000 });
    let insteadSince: number | undefined;
    const failure = (evidence: Evidence | undefined, seconds: number): IsardvdiError =>
        new IsardvdiError({
            code: "timeout",
            action: "verify",
            resource: name,
            seen: `after ${seconds} s no packet has arrived: ${evidence ? findings(subject, evidence) : "nothing was seen at all"}`,
            advice: adviceFor(evidence),
        });
    const started = clock.now();
    try {
        const seen = await waitFor<Evidence>(
            {
                watch: (signal) => poll(() => sight(signal), clock, signal),
                look: sight,
                condition: (evidence) => {
                    if (proof(subject, evidence) !== undefined) return { state: "met" };
                    insteadSince = evidence.instead ? (insteadSince ?? clock.now()) : undefined;
                    if (insteadSince === undefined || clock.now() - insteadSince < settledMs)
                        return { state: "pending" };
                    const seconds = Math.round((clock.now() - started) / 1000);
                    return { state: "failed", error: failure(evidence, seconds) };
                },
                observers: [(evidence) => `waiting for a packet: ${findings(subject, evidence)}`],
                heartbeat: (_last, elapsedMs) => `waiting for a packet to arrive (${Math.round(elapsedMs / 1000)} s)`,
                timeoutMs: timeoutSeconds * 1000,
            },
            world,
        );
        return proof(subject, seen) ?? "";
    } catch (error) {
        if (!(error instanceof WaitTimeout)) throw error;
        throw failure(error.last as Evidence | undefined, timeoutSeconds);
    }
}

function adviceFor(evidence: Evidence | undefined): string {
    const again = "The rules stay; the next pulumi up goes on from here.";
    if (evidence?.instead) return `Set toPort to ${evidence.instead.port}. ${again}`;
    if ([...(evidence?.inside.values() ?? [])].some(({ kind }) => kind === "refused"))
        return `Start the service on the target, or correct toPort. ${again}`;
    return `Look for a firewall before the host, or set verify to "rules" where no packet of ours can come through. ${again}`;
}
