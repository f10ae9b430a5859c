import { IsardvdiError } from "../errors";
import { type Chosen, chooseBackend, obstacle } from "./backend";
import { type Way, wayOf } from "./conflicts";
import type { Change, Forward } from "./firewall";
import type { Foreign } from "./foreign/foreign";
import type { NftTable } from "./foreign/nft";
import { foreignRules, sceneOf } from "./host-firewall";
import type { Entry, Ledger } from "./ledger";
import { unheard, unproved } from "./links";
import { dockerTable } from "./mark";
import type { Seen } from "./seen";
import { badForward } from "./validate";
import { placeOf } from "./zones";

/** What the host's ledger is to say, and which changes cannot be. */
export interface Plan {
    ledger: Ledger;
    chosen: Chosen;
    adopted: Foreign[];
    refused: Map<string, IsardvdiError>;
    /** UDP forwards that come, go or change. */
    udp: Forward[];
    /** What deserves a warning. */
    warnings: string[];
}

/** Takes each change by itself: removals first, so that a port can move from one resource to another at once. */
export function planChanges(seen: Seen, changes: readonly Change[], host: string): Plan {
    const chosen = chooseBackend(seen, "auto", host);
    const foreign = foreignRules(seen, chosen);
    const ledger = new Map(seen.ledger);
    const plan: Plan = { ledger, chosen, adopted: [], refused: new Map(), udp: [], warnings: [] };
    for (const { owner } of changes.filter(({ forward }) => !forward)) {
        const old = ledger.get(owner.tag);
        if (old?.forward.protocol === "udp") plan.udp.push(old.forward);
        ledger.delete(owner.tag);
    }
    for (const change of changes) {
        if (!change.forward) continue;
        try {
            const { entry, adopted, claimed } = entryFor(change, change.forward, {
                seen,
                chosen,
                ledger,
                foreign,
                host,
            });
            const old = ledger.get(change.owner.tag);
            if (JSON.stringify(old) !== JSON.stringify(entry))
                plan.udp.push(
                    ...[old?.forward, change.forward].filter((each) => each?.protocol === "udp").map(asForward),
                );
            claimed.forEach((tag) => ledger.delete(tag));
            ledger.set(change.owner.tag, entry);
            plan.adopted.push(...adopted);
        } catch (error) {
            if (!(error instanceof IsardvdiError)) throw error;
            plan.refused.set(change.owner.tag, error);
        }
    }
    plan.warnings = warningsOf(plan, seen, host);
    return plan;
}

const asForward = (forward: Forward | undefined): Forward => forward as Forward;

interface Known {
    seen: Seen;
    chosen: Chosen;
    ledger: Ledger;
    foreign: readonly Foreign[];
    host: string;
}

function entryFor(change: Change, forward: Forward, known: Known): { entry: Entry } & Pick<Way, "adopted" | "claimed"> {
    const { seen, chosen, ledger, foreign, host } = known;
    const bad = badForward(change, seen, host) ?? obstacle(chosen, forward, seen, host) ?? unheard(seen, host);
    if (bad) throw bad;
    const { backend, docker, bridges } = chooseBackend(seen, change.backend, host);
    const scene = sceneOf(forward, seen, docker, host);
    const { adopted, spares, claimed } = wayOf(change, forward, ledger, foreign, scene, host);
    const spared = spares.length > 0 ? { spares } : {};
    const put =
        backend === "firewalld" && seen.firewalld
            ? placeOf({ forward, ...spared }, seen, seen.firewalld, docker, host)
            : undefined;
    // in the very form that the ledger gives back, so that equal ones compare equal
    const entry = JSON.parse(
        JSON.stringify({ owner: change.owner, forward, backend, put, ...spared, mark: bridges?.mark }),
    ) as Entry;
    return { entry, adopted, claimed };
}

/** Chains of others that drop what no rule of theirs takes: an accept of ours says nothing to them. */
const droppingChains = (tables: readonly NftTable[]): string[] =>
    tables
        .filter(({ name }) => name !== dockerTable)
        .flatMap(({ family, name, chains }) =>
            chains
                .filter(({ hook, policy }) => hook === "forward" && policy === "drop")
                .map((chain) => `the chain ${chain.name} of the nft table ${family} ${name}`),
        );

function warningsOf({ ledger, udp, chosen }: Plan, seen: Seen, host: string): string[] {
    const persist = [...ledger.values()].some(({ forward, backend }) => forward.persist && backend !== "firewalld");
    const noMeans = persist && !seen.persist.has("systemd") && !seen.persist.has("netfilter-persistent");
    const isOwn = [...ledger.values()].some(({ backend }) => backend === "nftables");
    const native = isOwn ? droppingChains(seen.native) : [];
    const uncertain = unproved(seen);
    const running = udp.length > 0 && !seen.persist.has("conntrack");
    return [
        ...(uncertain !== undefined && ledger.size > 0 ? [`${host}: ${uncertain}.`] : []),
        ...(noMeans
            ? [`${host} has neither systemd nor netfilter-persistent: its forwards will be gone after a reboot.`]
            : []),
        ...(native.length > 0
            ? [
                  `${host} drops forwarded packets in ${native.join(", ")}: a forward reaches its target only where a rule ` +
                      "there accepts it, such as ct status dnat accept.",
              ]
            : []),
        ...(running
            ? [
                  `${host} lacks the tool conntrack: UDP flows that run already keep their old way until they pause for ` +
                      "some minutes. Install the package conntrack to have them switched at once.",
              ]
            : []),
        ...(chosen.backend !== "firewalld" && ledger.size > 0 && seen.ipForward === "0"
            ? [`IP forwarding was off on ${host}: it is turned on, and off again with the last forward.`]
            : []),
    ];
}
