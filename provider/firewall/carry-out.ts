import type { Remote, RemoteCall } from "../remote/remote";
import type { Clock } from "../world";
import { confirm, slow } from "./confirm";
import { failure, lastLine } from "./failure";
import type { Change } from "./firewall";
import { applyInput, applyScript, type Outcome, type Transaction } from "./host/apply";
import { lockPatienceMs, look } from "./look";
import type { Plan } from "./plan";
import { type Leniency, parseSeen, type Seen } from "./seen";
import { transactionOf } from "./transaction";

/** So often a change that was cut off may be undone before one of ours: each of them leaves nothing to undo. */
const maxRecoveries = 8;
/** Runs that lost a race begin again apart from each other. */
const pauseMs = 250;

/** What is to become of a host, decided anew from each look at it. */
export interface Job extends Leniency {
    plan(seen: Seen): Plan;
    /** Whose the change is, for whoever waits for it. */
    changes(): readonly Change[];
    isDone(plan: Plan, seen: Seen): boolean;
}

/** One transaction under the host's lock, with a rollback armed before and disarmed over a new connection after. */
export async function carryOut(
    remote: Remote,
    job: Job,
    call: RemoteCall,
    clock: Clock,
): Promise<{ plan: Plan; seen: Seen }> {
    const deadline = clock.now() + lockPatienceMs;
    const warned = new Set<string>();
    let recoveries = 0;
    let races = 0;
    while (recoveries < maxRecoveries) {
        const seen = await look(remote, call, job);
        const plan = job.plan(seen);
        if (job.isDone(plan, seen)) return { plan, seen };
        plan.warnings.filter((line) => !warned.has(line)).forEach((line) => call.log.warn(line));
        plan.warnings.forEach((line) => warned.add(line));
        const transaction = transactionOf(plan, seen, job.changes());
        const { outcome, text } = await attempt(remote, transaction, call);
        switch (outcome) {
            case "armed":
                if ((await confirm(remote, transaction, call, clock)) === "kept")
                    return { plan, seen: parseSeen(text, remote.name, job) };
                return await found(remote, job, call);
            case "failed":
                throw failure(remote, "change the firewall of", "server-error", lastLine(text), undone);
            case "locked":
                if (clock.now() > deadline)
                    throw failure(remote, "change the firewall of", "conflict", `${text} has held its lock`, wait);
                call.log.status(`waiting for ${remote.name}: ${text} is changing its firewall`);
                break;
            case "recovered":
                call.log.info(`A change that was cut off on ${remote.name} was undone first.`);
                recoveries += 1;
                break;
            case "changed":
                if (clock.now() > deadline)
                    throw failure(
                        remote,
                        "change the firewall of",
                        "conflict",
                        "its rules changed under every plan",
                        wait,
                    );
                call.log.status(`waiting for ${remote.name}: its firewall changed meanwhile`);
                races += 1;
                await clock.sleep(pauseMs * Math.min(races, 8) * Math.random(), call.signal);
        }
    }
    throw failure(remote, "change the firewall of", "conflict", "every change of it was cut off", wait);
}

async function attempt(
    remote: Remote,
    transaction: Transaction,
    call: RemoteCall,
): Promise<{ outcome: Outcome; text: string }> {
    // it puts the change in, and takes it out again where a step fails
    const long = { ...call, timeoutMs: 2 * transaction.putSeconds * 1000 };
    const { code, stdout, stderr } = await remote.run(applyScript(transaction), long, applyInput(transaction));
    const [, word, text = ""] = /^@(\w+)\b\n?([^]*)/m.exec(stdout) ?? [];
    const outcome = outcomes.find((each) => each === word);
    if (outcome) return { outcome, text: text.trim() };
    throw failure(remote, "change the firewall of", "server-error", lastLine(stderr) || `exit code ${code}`, retry);
}

/** Nobody waits for the confirmation any more: what the host has now says whether it came. */
async function found(remote: Remote, job: Job, call: RemoteCall): Promise<{ plan: Plan; seen: Seen }> {
    const seen = await look(remote, call, job);
    const plan = job.plan(seen);
    if (job.isDone(plan, seen)) return { plan, seen };
    throw slow(remote, "the host had rolled the change back before");
}

/** Any other would be tried again for ever. */
const outcomes: readonly Outcome[] = ["armed", "failed", "locked", "recovered", "changed"];

const retry = "Run again; if it stays so, look at the host.";
const undone = "The change was undone. Run again once the cause is gone.";
const wait = "Run again when the other run is over.";
