import { IsardvdiError } from "../../errors";
import type { Remote, RemoteCall } from "../../remote/remote";
import type { World } from "../../world";
import type { Draft } from "../claim";
import { type Owner, printLedger } from "../ledger";
import type { Place } from "../place";
import { failed, lost } from "./failure";
import { inspect, type Seen } from "./inspect";
import { runJob } from "./job";
import { assertSane } from "./sane";
import { stale } from "./stale";

/** What one resource wants of a file, whatever the file is like when it comes to it. */
export interface Goal {
    place: Place;
    owner: Owner;
    /** The services that read the keys. */
    services: readonly string[];
    keys: readonly string[];
    /** Names that `draft` wants resolved. */
    names: readonly string[];
    apply: boolean;
    settleSeconds: number;
    strict: boolean;
    /** The file and ledger as wanted; asked again when somebody else was faster. */
    draft(seen: Seen, resolves: (names: readonly string[]) => Promise<Seen>): Promise<Wish>;
}

export interface Wish extends Draft {
    /** False leaves the containers alone: the goal found that they would not come up again. */
    recreate?: boolean;
    /** Why this cannot be brought about now; thrown only when there is something to do. */
    refusal?: IsardvdiError | undefined;
}

const attempts = 20;

/** Makes the file, the build and the containers as wanted, and returns what is there then; does nothing if it is. */
export async function change(remote: Remote, goal: Goal, world: World): Promise<Seen> {
    return inTurn(`${remote.name} ${goal.place.folder}`, async () => {
        for (let attempt = 0; attempt < attempts; attempt += 1) {
            const seen = await attemptChange(remote, goal, world);
            if (seen) return seen;
            world.signal.throwIfAborted();
        }
        throw failed(
            remote,
            goal.place,
            `it was changed by somebody else ${attempts} times in a row`,
            "Run pulumi up again.",
        );
    });
}

async function attemptChange(remote: Remote, goal: Goal, world: World): Promise<Seen | undefined> {
    const { place, owner, services, keys, names } = goal;
    const call: RemoteCall = { signal: world.signal, log: world.log };
    const look = async (asked: readonly string[]): Promise<Seen> =>
        assertSane(
            await inspect(remote, { place, owner: owner.id, services, keys, names: asked }, call),
            place,
            remote.name,
        );
    const seen = await look(names);
    const wish = await goal.draft(seen, look);
    const bytes = wish.cfg.bytes();
    const same = bytes.equals(seen.bytes) && printLedger(wish.ledger) === printLedger(seen.ledger);
    const applied = !goal.apply || (!seen.pending && seen.hasCompose && stale(seen, services, keys).length === 0);
    if (!same || !applied) {
        if (wish.refusal) throw wish.refusal;
        const job = {
            ...goal,
            owner: owner.id,
            bytes,
            ledger: wish.ledger,
            services: wish.recreate === false ? [] : services,
        };
        const outcome = await runJob(remote, job, seen, world);
        if (outcome.kind === "changed") return undefined;
        if (outcome.kind !== "ok") throw lost(remote, place, outcome);
        const [died] = outcome.words;
        if (died) world.log.warn(`${died} on ${remote.name} does not stay up: see docker logs ${died}.`);
    }
    for (const warning of wish.warnings) world.log.warn(`${place.configPath} on ${remote.name}: ${warning}`);
    return same && applied ? seen : confirmed(await look([]), remote, goal, wish);
}

/** Read back: the containers must have what the file says. */
function confirmed(seen: Seen, remote: Remote, goal: Goal, wish: Wish): Seen {
    const behind = goal.apply && goal.strict && wish.recreate !== false ? stale(seen, goal.services, goal.keys) : [];
    if (behind.length === 0) return seen;
    throw new IsardvdiError({
        code: "unexpected-answer",
        action: "apply",
        resource: `${goal.place.configPath} on ${remote.name}`,
        seen: `after build.sh and docker compose up, ${behind.join(", ")}`,
        advice: `Compare ${goal.place.composeFile} with the file, and see docker compose ps.`,
    });
}

const turns = new Map<string, Promise<unknown>>();

/** Resources of one program take turns, instead of finding out on the host that another one was faster. */
async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = turns.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    turns.set(key, settled);
    void settled.then(() => turns.get(key) === settled && turns.delete(key));
    return mine;
}
