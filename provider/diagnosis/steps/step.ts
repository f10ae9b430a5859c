import type { ErrorCode } from "../../errors";
import type { Facts, HostFacts, ServerFacts } from "../facts";

/** One way in which a step can fail. */
export interface Cause {
    id: string;
    /** How it is recognised, for the troubleshooting page: one sentence. */
    sign: string;
    /** What was seen, where the facts show this cause; a clause without a full stop. */
    seen: (facts: Facts) => string | undefined;
    /** What to do about it: one or two sentences. */
    advice: string;
    /** Waiting does not mend it. */
    isFinal?: true;
    /** A wait for Online ends at once where this is seen, with an error of this code. */
    ends?: ErrorCode;
    /** A healthy start passes through it, so that it is worth a word only when it lasts. */
    passes?: true;
}

/** One step of the way from a new machine to Online. */
export interface Step {
    id: string;
    title: string;
    /** What it means that the step is done, for the troubleshooting page. */
    about: string;
    causes: readonly Cause[];
    /** Why nothing can be said of the step; undefined where it was looked at. */
    unseen: (facts: Facts) => string | undefined;
    /** Where the evidence lies, best first: a place, and the command as `facts` name it. */
    evidence: readonly (readonly ["server" | "host", string])[];
}

export const server = ({ server }: Facts): ServerFacts | undefined => ("seen" in server ? server.seen : undefined);
export const host = ({ host }: Facts): HostFacts | undefined => ("seen" in host ? host.seen : undefined);

/** Why a machine's answer is missing: it was not reached, or it does not know. */
export function without(place: "server" | "host", facts: Facts, answer: unknown, what: string): string | undefined {
    const looked = facts[place];
    if ("why" in looked) return looked.why;
    return answer === undefined ? `the ${place} does not tell ${what}` : undefined;
}

/** A container that should run and does not: how it does, or that there is none. */
export function absent(containers: ReadonlyMap<string, string> | undefined, name: string): string | undefined {
    if (containers === undefined) return undefined;
    const status = containers.get(name);
    if (status === undefined) return `there is no container ${name}`;
    return /^Up\b/.test(status) && !/\((unhealthy|Paused)\)/i.test(status) ? undefined : `${name} is "${status}"`;
}

/** Verified by the engine itself, which outweighs what could be suspected. */
export const isVerified = ({ api: { record } }: Facts): boolean => record?.status === "Online" && record.enabled;

export const portOf = ({ subject, api }: Facts): number => subject.sshPort ?? api.record?.sshPort ?? 2022;
export const hostnameOf = ({ subject, api }: Facts): string | undefined => subject.hostname ?? api.record?.hostname;
/** Its containers are the server's own neighbours: no forward lies between them. */
export const isLocal = (facts: Facts): boolean => hostnameOf(facts) === "isard-hypervisor";
