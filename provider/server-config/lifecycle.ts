import { asObject } from "../is-object";
import { claim } from "../isardvdi-cfg/claim";
import type { Seen } from "../isardvdi-cfg/host/inspect";
import type { Kind } from "../isardvdi-cfg/kind";
import { cfgLifecycle } from "../isardvdi-cfg/lifecycle";
import { shownLine } from "../isardvdi-cfg/secrets";
import { validateConnection } from "../isardvdi-cfg/validate";
import { hasUnknown } from "../property/unknown";
import type { Values } from "../resource";
import { definition, type Inputs } from "./schema";

const kind: Kind<Inputs> = {
    definition,
    settleSeconds: 3,
    services: ({ recreate = [] }) => recreate,
    keys: ({ settings }) => Object.keys(settings),
    names: () => [],
    lines: ({ settings }) => (hasUnknown(settings) ? undecided(settings) : Object.entries(settings).map(asLine)),
    want: ({ settings }, { cfg, ledger }, owner) =>
        Promise.resolve(claim({ cfg, ledger, warnings: [] }, owner, settings)),
    giveBack: (_inputs, { cfg, ledger }, owner) => Promise.resolve(claim({ cfg, ledger, warnings: [] }, owner, {})),
    found: (inputs, seen) => ({ settings: settingsFound(inputs, seen) }),
    // without its claim, a destroy would not know what to put back
    amiss: ({ settings }, { ledger }, { id }) =>
        Object.keys(settings)
            .filter((key) => ledger.keys[key]?.owner !== id)
            .map((key) => `${key} is not owned`),
};

export const lifecycle = cfgLifecycle(kind, validateConnection);

const asLine = ([key, value]: [string, string]): string => shownLine(key, value);

function undecided(settings: unknown): string[] {
    return Object.entries(asObject(settings)).map(([key, value]) =>
        hasUnknown(value) ? `${key}=(decided at apply)` : shownLine(key, String(value)),
    );
}

/** A key that is gone is absent here as well, so that the diff says so. */
function settingsFound({ settings }: Inputs, { cfg }: Seen): Values {
    return Object.fromEntries(
        Object.keys(settings).flatMap((key) => {
            const now = cfg.read(key);
            if (now.state === "set") return [[key, now.value]];
            return now.state === "expanded" ? [[key, now.raw]] : [];
        }),
    );
}
