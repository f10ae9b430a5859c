import { withDeadline } from "../concurrency/deadline";
import { IsardvdiError } from "../errors";
import type { IsardApi } from "../isardvdi/api";
import type { Remote } from "../remote/remote";
import { abortable } from "../wait/abortable";
import type { World } from "../world";
import type { ApiFacts, Facts, Seen, Subject } from "./facts";
import { hostFacts, hostQuestions } from "./probe/host";
import { type Questions, scriptOf } from "./probe/script";
import { type Sections, sectionsOf } from "./probe/sections";
import { serverFacts, serverQuestions } from "./probe/server";

/** A machine, or why it is not looked at. */
export type Place = { remote: Remote } | { why: string };

/** What is at hand to look with. */
export interface Means {
    subject: Subject;
    /** Opens the site; a failure is an answer too. */
    api: (signal: AbortSignal) => Promise<IsardApi>;
    server: Place;
    host: Place;
}

/** Milliseconds for everything, and for the API alone, which says whom to ask for. */
const budget = { all: 20_000, api: 7000 };

/** Asks all places once, each in one round trip, in 20 seconds at most. */
export async function gather({ subject, api, server, host }: Means, world: World): Promise<Facts> {
    return withDeadline(budget.all, world, async (signal) => {
        const hostSeen = look(host, hostQuestions, hostFacts, { ...world, signal });
        const apiSeen = await askApi(subject, api, { ...world, signal });
        const { record } = apiSeen;
        const dialled = {
            ...subject,
            hostname: subject.hostname ?? record?.hostname,
            sshPort: subject.sshPort ?? record?.sshPort,
        };
        const serverSeen = look(server, serverQuestions(dialled), serverFacts, { ...world, signal });
        return { subject, api: apiSeen, server: await serverSeen, host: await hostSeen };
    });
}

async function askApi(subject: Subject, open: Means["api"], world: World): Promise<ApiFacts> {
    let generation: ApiFacts["generation"];
    try {
        return await withDeadline(budget.api, world, async (signal) => {
            const call = { signal, log: world.log };
            const api = await untilAborted(open(signal), signal);
            generation = api.generation;
            const record = await untilAborted(api.find(subject.hyperId, call), signal);
            // one malformed row makes the list fail, which says nothing of this hypervisor
            const all = await untilAborted(api.list(call), signal).catch(() => []);
            const others = all.map(({ hyperId }) => hyperId).filter((id) => id !== subject.hyperId);
            return { generation, record, others };
        });
    } catch (error) {
        world.signal.throwIfAborted();
        return { error: asFailure(error), generation, others: [] };
    }
}

export async function look<T>(
    place: Place,
    questions: Questions,
    read: (sections: Sections) => T,
    { signal, log }: World,
): Promise<Seen<T>> {
    if ("why" in place) return place;
    try {
        const running = place.remote.run(scriptOf(questions), { signal, log, timeoutMs: budget.all });
        const { code, stdout, stderr } = await untilAborted(running, signal);
        const sections = sectionsOf(stdout);
        if (sections.size > 0) return { seen: read(sections) };
        return { why: `${place.remote.name} answers with code ${code}: ${stderr.trim().split("\n").at(-1) ?? ""}` };
    } catch (error) {
        const seen = error instanceof IsardvdiError ? error.seen : "it did not answer in time";
        return { why: `${place.remote.name}: ${seen}` };
    }
}

/** For those that do not listen to the signal at once. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    work.catch(ignore);
    return abortable(work, signal);
}

function asFailure(error: unknown): IsardvdiError {
    if (error instanceof IsardvdiError && error.code !== "cancelled") return error;
    const seen =
        error instanceof IsardvdiError ? "no answer in time" : error instanceof Error ? error.message : "no answer";
    return new IsardvdiError({
        code: "unreachable",
        action: "reach",
        resource: "the site's API",
        seen,
        advice: "Check isardvdi:apiUrl.",
    });
}

const ignore = (): void => undefined;
