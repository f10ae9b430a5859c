import type { Evidence, Outside, Subject } from "./look";
import { probed } from "./look";
import type { Sight } from "./sight";

/** What a round of packets proves, in words for the state; undefined when it proves nothing yet. */
export function proof(subject: Subject, evidence: Evidence): string | undefined {
    const { forward, vantages } = subject;
    if (vantages.length === 0) return forward.protocol === "tcp" ? fromTheHost(subject, evidence) : rulesOnly;
    return forward.protocol === "tcp" ? tcp(subject, evidence) : udp(evidence);
}

/** Where no packet can be sent from outside, the target's own answer to the host is the most there is. */
function fromTheHost({ forward, remote }: Subject, { inside }: Evidence): string | undefined {
    const sights = probed(forward).map((port) => inside.get(port));
    if (!sights.every((sight) => sight?.kind === "answered" || (isRange(forward) && sight?.kind === "refused")))
        return undefined;
    const said = sights.find((sight) => sight?.kind === "answered");
    return `rules in place; ${forward.toAddress} ${said ? answer(said) : "refuses, so nothing listens there yet,"} as seen on ${remote.name} itself: no packet from outside could be sent`;
}

const rulesOnly = "rules in place; no packet from outside could be sent";

function tcp({ forward }: Subject, { outside, inside, flows }: Evidence): string | undefined {
    const arrived = probed(forward).map((port) => {
        const sights = outside.filter((each) => each.port === port);
        return (
            sights.find(({ sight }) => sight.kind === "answered") ?? (isRange(forward) && sights.find(refusedByTarget))
        );
    });
    if (!arrived.every((each): each is Outside => !!each)) return undefined;
    return arrived.map(({ vantage, port, sight }) => `${vantage}, ${port} ${answer(sight)}`).join("; ");

    /** In a range few ports listen at a time: the target's own refusal is an answer that came through the rule. */
    function refusedByTarget({ port, sight }: Outside): boolean {
        return sight.kind === "refused" && inside.get(port)?.kind === "refused" && flows !== 0;
    }
}

function udp({ outside, flows }: Evidence): string | undefined {
    const reply = outside.find(({ sight }) => sight.kind === "answered");
    if (reply) return `${reply.vantage}, ${reply.port} ${answer(reply.sight)}`;
    // a refusal is told by the target, once the host has let the datagram through to it
    const sent = outside.find(({ sight }) => sight.kind === "lost") ?? outside.find(() => flows);
    if (flows === undefined)
        return `rules in place; nothing was proved, for the service answers no datagram sent ${sent?.vantage ?? "from outside"}, and the host lacks conntrack, which would show one go through`;
    if (flows === 0 || !sent) return undefined;
    return `${sent.vantage}, a datagram to ${sent.port} went on to the target, past every filter of the host; ${sent.sight.kind === "refused" ? "nothing listens there yet" : "the service answers nothing to strangers"}`;
}

const isRange = ({ from, to }: Subject["forward"]): boolean => from !== to;

function answer(sight: Sight): string {
    if (sight.kind === "answered") return sight.said ? `answers "${sight.said}"` : "answers";
    return sight.kind === "refused" ? "is refused by the target, where nothing listens now" : sight.reason;
}

/** What was seen, for a person who has to find out why; one line. */
export function findings(
    { forward, remote, vantages }: Subject,
    { outside, inside, flows, instead }: Evidence,
): string {
    const from = vantages.map(({ name }) => {
        const [first] = outside.filter(({ vantage }) => vantage === name);
        return `${name}, ${first?.port ?? forward.from} is ${first ? plain(first.sight) : "not tried"}`;
    });
    const target = inside.get(forward.from);
    return [
        ...from,
        ...(target ? [`seen on ${remote.name} itself, the target is ${plain(target)}`] : []),
        ...(flows === undefined ? [] : [`${flows} of these packets went past the host's filters`]),
        ...(instead
            ? [`${forward.toAddress} answers on ${instead.port} instead${instead.said ? ` ("${instead.said}")` : ""}`]
            : []),
    ].join("; ");
}

function plain(sight: Sight): string {
    if (sight.kind === "answered") return sight.said ? `answering "${sight.said}"` : "answering";
    return sight.kind === "refused" ? "refused (closed)" : `lost (${sight.reason})`;
}
