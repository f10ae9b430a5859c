import type { Remote, RemoteCall } from "../remote/remote";
import type { Clock } from "../world";
import { failure, lastLine } from "./failure";
import { probeScript } from "./host/probe";
import { type Leniency, parseSeen, type Seen } from "./seen";

/** A lock is held for at most the longest rollback and the change itself. */
export const lockPatienceMs = 300_000;
const everyMs = 1000;

/** The host as it is at this moment. */
export async function look(remote: Remote, call: RemoteCall, how: Leniency = {}): Promise<Seen> {
    const { code, stdout, stderr } = await remote.run(probeScript, call);
    if (code === 0 && stdout.includes("==")) return parseSeen(stdout, remote.name, how);
    const seen = lastLine(stderr) || `exit code ${code}`;
    throw failure(remote, "read the firewall of", "server-error", seen, "Run again; if it stays so, look at the host.");
}

/** The host as it will stay: a change that was cut off before it was confirmed is about to be undone. */
export async function lookSettled(remote: Remote, call: RemoteCall, clock: Clock): Promise<Seen> {
    const end = clock.now() + lockPatienceMs;
    for (;;) {
        const seen = await look(remote, call);
        if (!seen.persist.has("armed")) return seen;
        // the host was restarted meanwhile: the next change undoes it, and a look changes nothing
        if (seen.persist.has("abandoned")) return { ...seen, ledger: seen.before };
        if (clock.now() > end)
            throw failure(
                remote,
                "read the firewall of",
                "conflict",
                "a change of it is neither confirmed nor undone",
                "Run again when the other run is over.",
            );
        call.log.status(`waiting for ${remote.name}: a change of its firewall is not confirmed yet`);
        await clock.sleep(everyMs, call.signal);
    }
}
