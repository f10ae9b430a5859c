import { IsardvdiError } from "../errors";
import type { Cfg } from "./document";
import type { Ledger, Owner } from "./ledger";

/** A file and its ledger on the way to what is wanted; nothing is written yet. */
export interface Draft {
    cfg: Cfg;
    ledger: Ledger;
    warnings: string[];
}

/** Makes the wanted keys ours, and gives back those that we had before and do not want any more. */
export function claim(draft: Draft, owner: Owner, wanted: Record<string, string>): Draft {
    const dropped = Object.entries(draft.ledger.keys)
        .filter(([key, held]) => held.owner === owner.id && wanted[key] === undefined)
        .map(([key]) => key);
    return Object.entries(wanted).reduce(
        (rest, [key, value]) => take(rest, owner, key, value),
        dropped.reduce(release, draft),
    );
}

function take({ cfg, ledger, warnings }: Draft, owner: Owner, key: string, value: string): Draft {
    const held = ledger.keys[key];
    if (held && held.owner !== owner.id) throw conflict(key, ledger.owners[held.owner] ?? held.owner);
    const changed = cfg.set(key, value);
    const mine = {
        owner: owner.id,
        previous: held ? held.previous : (cfg.raw(key) ?? null),
        written: [changed.raw(key) ?? ""],
    };
    return {
        cfg: changed,
        ledger: {
            ...ledger,
            owners: { ...ledger.owners, [owner.id]: owner.name },
            keys: { ...ledger.keys, [key]: mine },
        },
        warnings,
    };
}

/** Puts the old value back where the present one is ours. */
export function release({ cfg, ledger, warnings }: Draft, key: string): Draft {
    const { [key]: held, ...keys } = ledger.keys;
    if (!held) return { cfg, ledger, warnings };
    const now = cfg.raw(key);
    const left = { ...ledger, keys };
    if (now !== undefined && held.written.includes(now))
        return { cfg: cfg.put(key, held.previous ?? undefined), ledger: left, warnings };
    if ((now ?? null) === held.previous) return { cfg, ledger: left, warnings };
    const warning = `${key} was changed by somebody else since it was written: it is left as it is now.`;
    return { cfg, ledger: left, warnings: [...warnings, warning] };
}

export function conflict(key: string, holder: string): IsardvdiError {
    return new IsardvdiError({
        code: "conflict",
        action: "set",
        resource: key,
        seen: `it is owned by ${holder}`,
        advice: "Take it out of one of the two programs; where that other stack is gone for good, remove its entries from .pulumi-isardvdi beside the isardvdi.cfg.",
    });
}
