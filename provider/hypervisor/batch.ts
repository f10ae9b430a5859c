import type { Call, HypervisorRecord, IsardApi } from "../isardvdi/api";

interface Asking {
    hyperId: string;
    call: Call;
    resolve: (record: HypervisorRecord | undefined) => void;
    reject: (error: unknown) => void;
}
interface Queue {
    waiting: Asking[];
    busy: boolean;
}

const queues = new WeakMap<IsardApi, Queue>();

/** So many single reads are cheaper for the server than one list. */
const few = 3;

/**
 * A fresh record; all that ask while a request is under way are answered by the next one, so that any
 * number of waiting hypervisors has one request under way per site.
 */
export function findTogether(api: IsardApi, hyperId: string, call: Call): Promise<HypervisorRecord | undefined> {
    const queue = queues.get(api) ?? { waiting: [], busy: false };
    queues.set(api, queue);
    return new Promise((resolve, reject) => {
        queue.waiting.push({ hyperId, call, resolve, reject });
        if (!queue.busy) void drain(api, queue);
    });
}

async function drain(api: IsardApi, queue: Queue): Promise<void> {
    queue.busy = true;
    // those that ask in this very turn belong together
    await Promise.resolve();
    while (queue.waiting.length > 0) {
        const batch = queue.waiting.splice(0);
        if (batch.length > few && (await answerByList(api, batch))) continue;
        await Promise.all(
            batch.map(({ hyperId, call, resolve, reject }) => api.find(hyperId, call).then(resolve, reject)),
        );
    }
    queue.busy = false;
}

async function answerByList(api: IsardApi, batch: Asking[]): Promise<boolean> {
    const first = batch[0];
    if (!first) return true;
    try {
        const records = new Map((await api.list(first.call)).map((record) => [record.hyperId, record]));
        batch.forEach(({ hyperId, resolve }) => resolve(records.get(hyperId)));
        return true;
    } catch {
        // one malformed row fails the whole list: each is then read by itself, with its own error
        return false;
    }
}
