import type { Diagnosis, Finding, Subject } from "../diagnosis";
import { judge } from "../diagnosis/judge";
import { IsardvdiError, isCode } from "../errors";
import type { Generation, HypervisorRecord } from "../isardvdi/api";
import { abortable } from "../wait/abortable";
import { silentLog, type World } from "../world";
import type { Explain } from "./explain";

/** How it is found out why a hypervisor does not come Online. */
export interface Reasons {
    subject: Subject;
    generation: Generation;
    /** The record as it is now, for what a change feed tells may be older. */
    find: (signal: AbortSignal) => Promise<HypervisorRecord | undefined>;
    /** Absent where no machine can be looked at: the records that come anyway tell all there is. */
    explain: Explain | undefined;
}

/** Milliseconds before the first look at the machines and between two, however fast they answer. */
const pause = 2500;
/** So much longer than the last look is the pause after it, so that a machine under load is left in peace. */
const patience = 3;
/** Milliseconds that a stage of a healthy start may last before it is worth a word. */
const lasting = 10_000;

/** Waits; meanwhile names what is wrong, ends at once what no waiting mends, and explains a wait that was given up. */
export async function withReasons(
    reasons: Reasons,
    world: World,
    wait: (world: World, notice: (record: HypervisorRecord) => void) => Promise<void>,
): Promise<void> {
    const { explain, subject } = reasons;
    const over = new AbortController();
    const inner = { ...world, signal: AbortSignal.any([world.signal, over.signal]) };
    let final: Finding | undefined;
    const tell = teller(world, (finding) => {
        final ??= finding;
        over.abort(new Error("no waiting mends this"));
    });
    const judged = recordJudge(reasons);
    const looking: Promise<void>[] = [];
    let last: HypervisorRecord | undefined;
    const notice = (record: HypervisorRecord): void => {
        last = record;
        // what we register has its old values until then, so nothing is looked at before the first record
        if (explain && looking.length === 0) looking.push(lookOn(explain, inner, tell));
        const found = judged(record);
        if (found.finding?.ends) looking.push(confirm());
        else if (!explain) tell(found);
    };
    const confirm = async (): Promise<void> => {
        const record = await reasons.find(inner.signal).catch(() => undefined);
        const found = record && judged(record);
        if (found?.finding?.ends && !inner.signal.aborted) tell(found);
    };
    if (explain && subject.isSelfRegistered) looking.push(lookOn(explain, inner, tell));
    try {
        await wait(inner, notice);
    } catch (error) {
        if (final && !world.signal.aborted) throw ending(final, subject.hyperId);
        if (isCode(error, "timeout") && !world.signal.aborted)
            throw await explained(error, reasons, () => judged(last), world);
        throw error;
    } finally {
        over.abort(new Error("the wait has ended"));
        await Promise.all(looking);
    }
}

/** Says each cause once, and again only after another one; what passes on a healthy host only once it lasts. */
function teller({ clock, log }: World, end: (finding: Finding) => void): (diagnosis: Diagnosis) => void {
    let said = "";
    let since: { cause: string; at: number } | undefined;
    return ({ finding }) => {
        const cause = finding ? `${finding.step}/${finding.cause}` : "";
        if (since?.cause !== cause) since = { cause, at: clock.now() };
        if (!finding) return;
        if (finding.ends) return end(finding);
        if (said === cause || (finding.passes && clock.now() - since.at < lasting)) return;
        said = cause;
        log.status(`not Online yet: ${finding.seen} (${finding.step})`);
    };
}

async function lookOn(explain: Explain, world: World, tell: (diagnosis: Diagnosis) => void): Promise<void> {
    const { clock, signal, log } = world;
    let took = 0;
    try {
        while (!signal.aborted) {
            await clock.sleep(Math.max(pause, took * patience), signal);
            const began = clock.now();
            const found = await abortable(explain({ ...world, log: silentLog }), signal);
            took = clock.now() - began;
            if (!signal.aborted) tell(found);
        }
    } catch (error) {
        // how the wait ends, it tells itself; a look that fails is none of its business
        if (!signal.aborted) log.debug(`the look for reasons has ended: ${String(error)}`);
    }
}

/** What a record tells by itself. */
const recordJudge =
    ({ subject, generation }: Reasons) =>
    (record: HypervisorRecord | undefined): Diagnosis =>
        judge({ subject, api: { generation, record, others: [] }, server: blind, host: blind });

const blind = { why: "not looked at while waiting" };

/** The same error with the step that fails and its remedy in place of a guess; the evidence goes to the log. */
async function explained(
    error: IsardvdiError,
    { explain, subject: { hyperId } }: Reasons,
    ofRecord: () => Diagnosis,
    world: World,
): Promise<unknown> {
    if (explain) world.log.status(`looking for the reason why ${hyperId} is not Online`);
    const found = await explain?.(world).catch(() => undefined);
    const { finding, said } = found?.finding ? found : ofRecord();
    // a boot that goes no further is told by the step it has reached
    if (!finding || (finding.passes && error.property === "registration")) return error;
    // the engine's own error comes first, and once
    const isTold = said !== undefined && error.seen.includes(said) && finding.seen.includes(said);
    for (const { command, lines } of finding.evidence)
        world.log.info(`$ ${command}\n${lines.map((line) => `  ${line}`).join("\n")}`);
    return new IsardvdiError({
        code: "timeout",
        action: "bring Online",
        resource: `hypervisor "${hyperId}"`,
        seen: `${error.seen}${isTold ? "" : `: ${finding.seen}`} (${finding.step})`,
        advice: `${finding.advice} ${error.advice}`,
        cause: error,
    });
}

const ending = ({ ends, step, seen, advice }: Finding, hyperId: string): IsardvdiError =>
    new IsardvdiError({
        code: ends ?? "conflict",
        action: "bring Online",
        resource: `hypervisor "${hyperId}"`,
        seen: `${seen} (${step})`,
        advice,
    });
