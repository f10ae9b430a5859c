import { randomBytes } from "node:crypto";
import type { Remote, RemoteCall } from "../remote/remote";
import type { Clock } from "../world";
import { chooseBackend } from "./backend";
import { withContainers } from "./containers";
import { carryOut, type Job } from "./carry-out";
import type { Applied, Change } from "./firewall";
import { describeHost } from "./host-firewall";
import { formatLedger, type Ledger } from "./ledger";
import { type Plan, planChanges } from "./plan";
import type { Seen } from "./seen";

export async function applyChanges(
    remote: Remote,
    asked: readonly Change[],
    call: RemoteCall,
    clock: Clock,
): Promise<Applied> {
    let changes: readonly Change[] | undefined;
    const job: Job = {
        plan(seen) {
            changes ??= asked.map((change) => (change.isNew ? withTag(change, seen.ledger) : change));
            return planChanges(seen, changes, remote.name);
        },
        changes: () => changes ?? asked,
        isDone: (plan, seen) => isDone(plan, seen, remote.name),
    };
    const { plan, seen } = await carryOut(remote, job, call, clock);
    const answer = answerOf(plan, seen, remote, asked, job.changes());
    return { ...answer, refused: await withContainers(answer.refused, remote, call) };
}

/** Nothing to write and nothing missing. */
function isDone(plan: Plan, seen: Seen, host: string): boolean {
    if (plan.adopted.length > 0 || formatLedger(plan.ledger) !== formatLedger(seen.ledger)) return false;
    if (seen.persist.has("armed")) return false;
    const { forwards } = describeHost(seen, chooseBackend(seen, "auto", host), host);
    return [...forwards.values()].every(({ missing }) => missing.length === 0);
}

/** The tag that was asked for, or a fresh one where an earlier resource of that name may still be deleted by its own. */
function withTag(change: Change, ledger: Ledger): Change {
    const { tag, name } = change.owner;
    const isTaken = ledger.has(tag) || [...ledger.values()].some(({ owner }) => owner.name === name);
    return isTaken ? { ...change, owner: { tag: randomBytes(6).toString("hex"), name } } : change;
}

function answerOf(
    { refused }: Plan,
    seen: Seen,
    { name }: Remote,
    asked: readonly Change[],
    changes: readonly Change[],
): Applied {
    const given = asked.map(({ owner }, index) => [owner.tag, changes[index]?.owner.tag ?? owner.tag] as const);
    return {
        host: describeHost(seen, chooseBackend(seen, "auto", name), name),
        refused: new Map(
            given.flatMap(([tag, now]) => {
                const error = refused.get(now);
                return error ? [[tag, error] as const] : [];
            }),
        ),
        tags: new Map(given),
    };
}
