import type { Applied, Change, Firewall } from "../firewall/firewall";
import type { Remote } from "../remote/remote";
import type { Log, World } from "../world";
import { forgetInspections } from "./inspection";

interface Asking {
    change: Change;
    world: World;
    resolve: (applied: Applied) => void;
    reject: (error: unknown) => void;
}
interface Queue {
    waiting: Asking[];
    busy: boolean;
}

const queues = new WeakMap<Remote, Queue>();

/** The engine's calls come one by one, a few milliseconds apart: so long the first waits for the others. */
const gatherMs = 20;

/**
 * One change of a host's forwards; all that ask at once, or while a transaction is under way, are one
 * transaction. Rejects where this very change was refused.
 */
export async function applyTogether(
    firewall: Firewall,
    remote: Remote,
    change: Change,
    world: World,
): Promise<Applied> {
    const queue = queues.get(remote) ?? { waiting: [], busy: false };
    queues.set(remote, queue);
    const applied = await new Promise<Applied>((resolve, reject) => {
        queue.waiting.push({ change, world, resolve, reject });
        if (!queue.busy) void drain(firewall, remote, queue);
    });
    const refusal = applied.refused.get(change.owner.tag);
    if (refusal) throw refusal;
    return applied;
}

async function drain(firewall: Firewall, remote: Remote, queue: Queue): Promise<void> {
    queue.busy = true;
    for (let first = queue.waiting[0]; first; first = queue.waiting[0]) {
        const { clock, signal } = first.world;
        await clock.sleep(gatherMs, signal).catch(() => undefined);
        const batch = takeOnePerTag(queue);
        forgetInspections(remote);
        try {
            const changes = batch.map(({ change }) => change);
            const applied = await firewall.apply(remote, changes, { signal, log: allOf(batch) });
            batch.forEach(({ resolve }) => resolve(applied));
        } catch (error) {
            batch.forEach(({ reject }) => reject(error));
        }
        forgetInspections(remote);
    }
    queue.busy = false;
}

/** Two changes of one forward keep their order: the second goes into the next transaction. */
function takeOnePerTag(queue: Queue): Asking[] {
    const tags = new Set<string>();
    const batch: Asking[] = [];
    const later: Asking[] = [];
    for (const asking of queue.waiting) {
        const { tag } = asking.change.owner;
        (tags.has(tag) ? later : batch).push(asking);
        tags.add(tag);
    }
    queue.waiting = later;
    return batch;
}

/** Progress stands on every resource's line; what is to be read once is said once. */
function allOf(batch: Asking[]): Log {
    const [first] = batch as [Asking];
    return { ...first.world.log, status: (line) => batch.forEach(({ world }) => world.log.status(line)) };
}
