import type { Remote, RemoteCall } from "../remote/remote";
import type { Clock } from "../world";
import { chooseBackend } from "./backend";
import { confirm, slow } from "./confirm";
import type { Applied, Change } from "./firewall";
import { failure, lastLine } from "./failure";
import { applyInput, applyScript, type Outcome, type Transaction } from "./host/apply";
import { describeHost } from "./host-firewall";
import { formatLedger } from "./ledger";
import { lockPatienceMs, look } from "./look";
import { type Plan, planChanges } from "./plan";
import { parseSeen, type Seen } from "./seen";
import { transactionOf } from "./transaction";

/** So often the host may change under a plan before we say that somebody else is at work there. */
const maxTries = 8;

export async function applyChanges(
    remote: Remote,
    changes: readonly Change[],
    call: RemoteCall,
    clock: Clock,
): Promise<Applied> {
    const deadline = clock.now() + lockPatienceMs;
    const warned = new Set<string>();
    let seen = await look(remote, call);
    for (let tries = 0; tries < maxTries;) {
        const plan = planChanges(seen, changes, remote.name);
        if (isDone(plan, seen, remote.name)) return answer(plan, seen, remote);
        plan.warnings.filter((line) => !warned.has(line)).forEach((line) => call.log.warn(line));
        plan.warnings.forEach((line) => warned.add(line));
        const transaction = transactionOf(plan, seen, changes);
        const { outcome, text } = await attempt(remote, transaction, call);
        switch (outcome) {
            case "armed":
                if ((await confirm(remote, transaction, call, clock)) === "kept")
                    return answer(plan, parseSeen(text, remote.name), remote);
                return await found(remote, changes, call);
            case "failed":
                throw failure(remote, "change the firewall of", "server-error", lastLine(text), undone);
            case "locked":
                if (clock.now() > deadline)
                    throw failure(remote, "change the firewall of", "conflict", `${text} has held its lock`, wait);
                call.log.status(`waiting for ${remote.name}: ${text} is changing its firewall`);
                break;
            case "recovered":
                call.log.info(`A change that was cut off on ${remote.name} was undone first.`);
                tries += 1;
                break;
            case "changed":
                tries += 1;
        }
        seen = await look(remote, call);
    }
    throw failure(remote, "change the firewall of", "conflict", "its rules changed under every plan", wait);
}

/** Nothing to write and nothing missing. */
function isDone(plan: Plan, seen: Seen, host: string): boolean {
    if (plan.adopted.length > 0 || formatLedger(plan.ledger) !== formatLedger(seen.ledger)) return false;
    if (seen.persist.has("armed")) return false;
    const { forwards } = describeHost(seen, chooseBackend(seen, "auto", host), host);
    return [...forwards.values()].every(({ missing }) => missing.length === 0);
}

const answer = ({ refused }: Plan, seen: Seen, { name }: Remote): Applied => ({
    host: describeHost(seen, chooseBackend(seen, "auto", name), name),
    refused,
});

async function attempt(
    remote: Remote,
    transaction: Transaction,
    call: RemoteCall,
): Promise<{ outcome: Outcome; text: string }> {
    const { code, stdout, stderr } = await remote.run(applyScript(transaction), call, applyInput(transaction));
    const [, outcome, text = ""] = /^@(\w+)\n?([\s\S]*)$/m.exec(stdout) ?? [];
    if (outcome) return { outcome: outcome as Outcome, text: text.trim() };
    throw failure(remote, "change the firewall of", "server-error", lastLine(stderr) || `exit code ${code}`, retry);
}

/** Nobody waits for the confirmation any more: what the host has now says whether it came. */
async function found(remote: Remote, changes: readonly Change[], call: RemoteCall): Promise<Applied> {
    const seen = await look(remote, call);
    const plan = planChanges(seen, changes, remote.name);
    if (isDone(plan, seen, remote.name)) return answer(plan, seen, remote);
    throw slow(remote, "the host had rolled the change back before");
}

const retry = "Run again; if it stays so, look at the host.";
const undone = "The change was undone. Run again once the cause is gone.";
const wait = "Run again when the other run is over.";
