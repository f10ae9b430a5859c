import { IsardvdiError } from "../errors";
import { claim, conflict, type Draft, release } from "../isardvdi-cfg/claim";
import { Cfg } from "../isardvdi-cfg/document";
import type { Ledger, Owner, Share } from "../isardvdi-cfg/ledger";
import { local, once, splitHostnames } from "./hostnames";
import { cover, defaultPorts } from "./ports";

export const hostnamesKey = "VIDEO_HYPERVISOR_HOSTNAMES";
export const portsKey = "VIDEO_HYPERVISOR_PORTS";
const keys = [hostnamesKey, portsKey];

/** Holds the two keys for all additive owners together. */
const everybody: Owner = { id: "*", name: "the VideoProxyConfigs in additive mode" };

export interface Wanted {
    hostnames: readonly string[];
    ports: string;
    mode: "authoritative" | "additive";
}

/** The list as the file shall have it; `hasLocal` says whether isard-hypervisor exists on the server. */
export function draftList(draft: Draft, owner: Owner, wanted: Wanted, hasLocal: boolean): Draft {
    return wanted.mode === "additive"
        ? share(draft, owner, { hostnames: once(wanted.hostnames).sort(), ports: wanted.ports }, hasLocal)
        : own(draft, owner, wanted, hasLocal);
}

/** The list without this owner's names, or as it was before all owners. */
export function draftWithout(draft: Draft, owner: Owner, hasLocal: boolean): Draft {
    return draft.ledger.shares[owner.id] ? unshare(draft, owner, hasLocal) : claim(draft, owner, {});
}

function own(draft: Draft, owner: Owner, { hostnames, ports }: Wanted, hasLocal: boolean): Draft {
    const [other] = Object.keys(draft.ledger.shares).filter((id) => id !== owner.id);
    if (other !== undefined) throw conflict(hostnamesKey, draft.ledger.owners[other] ?? other);
    const list = once([...(hasLocal ? [local] : []), ...hostnames.filter((name) => name !== local)]);
    const ledger = handOver({ ...draft.ledger, shares: {} }, everybody.id, owner.id);
    return claim({ ...draft, ledger }, owner, { [hostnamesKey]: list.join(","), [portsKey]: ports });
}

function share(draft: Draft, owner: Owner, mine: Share, hasLocal: boolean): Draft {
    const foreign = foreignNames(draft);
    const handed = handOver(draft.ledger, owner.id, everybody.id);
    const shares = { ...handed.shares, [owner.id]: mine };
    const ledger = { ...handed, shares, owners: { ...handed.owners, [owner.id]: owner.name } };
    return together({ ...draft, ledger }, foreign, hasLocal);
}

function unshare(draft: Draft, owner: Owner, hasLocal: boolean): Draft {
    const foreign = foreignNames(draft);
    const { [owner.id]: _mine, ...shares } = draft.ledger.shares;
    const rest = { ...draft, ledger: { ...draft.ledger, shares } };
    if (Object.keys(shares).length > 0) return together(rest, foreign, hasLocal);
    const before = splitHostnames(beforeUs(draft.ledger, hostnamesKey) ?? "").filter((name) => name !== local);
    const unchanged = before.join() === foreign.join();
    // edited by hand meanwhile: ours are taken out, the rest stays
    const edited = unchanged ? rest : together(rest, foreign, hasLocal);
    const kept = unchanged ? edited : { ...edited, ledger: withPrevious(edited.ledger, edited.cfg) };
    return keys.reduce(release, kept);
}

/** What everybody's shares and the hands that wrote before make together. */
function together(draft: Draft, foreign: readonly string[], hasLocal: boolean): Draft {
    const shares = Object.values(draft.ledger.shares);
    const shared = shares.flatMap(({ hostnames }) => hostnames).filter((name) => name !== local);
    const list = once([...(hasLocal ? [local] : []), ...foreign, ...shared.sort()]);
    const hand = beforeUs(draft.ledger, portsKey) ?? (foreign.length > 0 ? defaultPorts : undefined);
    const first = draft.ledger.keys[portsKey] ? hand : (value(draft.cfg, portsKey) ?? hand);
    const ports = cover([...shares.map((each) => each.ports), ...(first === undefined ? [] : [first])]);
    return claim(draft, everybody, { [hostnamesKey]: list.join(","), [portsKey]: ports });
}

/** Names in the file that are in nobody's share, or were there before any share. */
function foreignNames({ cfg, ledger }: Draft): string[] {
    if (cfg.read(hostnamesKey).state === "expanded" || cfg.read(hostnamesKey).state === "foreign") throw computed();
    const before = splitHostnames(beforeUs(ledger, hostnamesKey) ?? "");
    const held = ledger.keys[hostnamesKey] !== undefined;
    const shared = new Set(Object.values(ledger.shares).flatMap(({ hostnames }) => hostnames));
    return once(splitHostnames(value(cfg, hostnamesKey) ?? "")).filter(
        (name) => name !== local && (!held || !shared.has(name) || before.includes(name)),
    );
}

/** The value that a key had before it was ours. */
function beforeUs(ledger: Ledger, key: string): string | undefined {
    const raw = ledger.keys[key]?.previous;
    return raw === null || raw === undefined
        ? undefined
        : value(Cfg.parse(Buffer.from(`${key}=${raw}\n`, "latin1")), key);
}

function value(cfg: Cfg, key: string): string | undefined {
    const now = cfg.read(key);
    return now.state === "set" ? now.value : undefined;
}

/** A change of mode keeps what is known of the time before. */
function handOver(ledger: Ledger, from: string, to: string): Ledger {
    const handed = Object.entries(ledger.keys).map(([key, held]) => [
        key,
        held.owner === from && keys.includes(key) ? { ...held, owner: to } : held,
    ]);
    return { ...ledger, keys: Object.fromEntries(handed) as Ledger["keys"] };
}

/** What a release then puts back is what the file has now. */
function withPrevious(ledger: Ledger, cfg: Cfg): Ledger {
    const held = ledger.keys[hostnamesKey];
    if (!held) return ledger;
    return {
        ...ledger,
        keys: { ...ledger.keys, [hostnamesKey]: { ...held, previous: cfg.raw(hostnamesKey) ?? null } },
    };
}

function computed(): IsardvdiError {
    return new IsardvdiError({
        code: "rejected",
        action: "add to",
        resource: hostnamesKey,
        seen: "its value in the file is computed by the shell",
        advice: "Write the hostnames out, or use mode authoritative.",
        property: "mode",
    });
}
