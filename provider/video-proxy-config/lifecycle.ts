import type { IsardvdiError } from "../errors";
import type { Kind } from "../isardvdi-cfg/kind";
import { cfgLifecycle } from "../isardvdi-cfg/lifecycle";
import type { Seen } from "../isardvdi-cfg/host/inspect";
import { validateConnection } from "../isardvdi-cfg/validate";
import { unknownValue } from "../property/unknown";
import type { Values } from "../resource";
import { isNetwork, local } from "./hostnames";
import { draftList, draftWithout, hostnamesKey, portsKey, type Wanted } from "./list";
import { cover, defaultPorts } from "./ports";
import { fileHostnames, guarded, hasLocal, refusal, runningHostnames, services, unresolved } from "./proxy";
import { definition, type Inputs } from "./schema";

const wanted = ({ hypervisorHostnames, ports = defaultPorts, mode = "authoritative" }: Inputs): Wanted => ({
    hostnames: hypervisorHostnames,
    ports,
    mode,
});

const kind: Kind<Inputs> = {
    definition,
    // squid's own start takes up to five of them before it resolves its list
    settleSeconds: 8,
    services: () => services,
    keys: () => [hostnamesKey, portsKey],
    names: ({ hypervisorHostnames }) => hypervisorHostnames.filter((name) => name !== local && !isNetwork(name)),
    lines,
    async want(inputs, seen, owner, look) {
        const exists = hasLocal(seen);
        const draft = draftList({ cfg: seen.cfg, ledger: seen.ledger, warnings: [] }, owner, wanted(inputs), exists);
        if (!exists && inputs.hypervisorHostnames.includes(local)) throw noLocal();
        return guarded(draft, seen, look);
    },
    async giveBack(_inputs, seen, owner, look) {
        const draft = draftWithout({ cfg: seen.cfg, ledger: seen.ledger, warnings: [] }, owner, hasLocal(seen));
        const bad = await unresolved(draft, seen, look);
        if (bad.length === 0) return draft;
        const warning = `isard-squid keeps its list for now: ${bad.join(", ")} does not resolve, and would end it for all hypervisors.`;
        return { ...draft, warnings: [...draft.warnings, warning], recreate: false };
    },
    found,
    amiss: (_inputs, seen, { id }) => [
        ...(fileHostnames(seen).includes(local) === hasLocal(seen)
            ? []
            : [`${local} does not stand in the list as it should`]),
        ...(seen.ledger.shares[id] || seen.ledger.keys[hostnamesKey]?.owner === id
            ? []
            : [`${hostnamesKey} is not owned`]),
    ],
};

export const lifecycle = cfgLifecycle(kind, validateConnection);

function lines(inputs: Inputs): string[] {
    const { hostnames, ports, mode } = wanted(inputs);
    // a list that is not decided yet arrives as one unknown value
    const names: readonly string[] = Array.isArray(hostnames) ? hostnames : [unknownValue];
    const shown = (value: string): string => (value === unknownValue ? "(decided at apply)" : value);
    return [
        `${hostnamesKey}${mode === "additive" ? "+" : ""}=${names.map(shown).join(",")}`,
        `${portsKey}=${shown(ports)}`,
    ];
}

function found(inputs: Inputs, seen: Seen): Values {
    const { hostnames, ports, mode } = wanted(inputs);
    const list = fileHostnames(seen);
    const now = seen.cfg.read(portsKey);
    const filePorts = now.state === "set" ? now.value : defaultPorts;
    const covered = cover([filePorts, ports]) === filePorts;
    return {
        hypervisorHostnames:
            mode === "additive"
                ? hostnames.filter((name) => list.includes(name))
                : list.filter((name) => name !== local || hostnames.includes(local)),
        ports: mode === "additive" && covered ? ports : filePorts,
        effectiveHostnames: list,
        effectivePorts: filePorts,
        runningHostnames: runningHostnames(seen),
    };
}

const noLocal = (): IsardvdiError =>
    refusal(
        `${local} is listed, but this server has no such container`,
        `Take ${local} out of hypervisorHostnames: it is added by itself where it exists.`,
    );
