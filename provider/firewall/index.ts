import { type Clock, systemClock } from "../world";
import { applyChanges } from "./apply";
import { chooseBackend } from "./backend";
import type { Firewall } from "./firewall";
import { describeHost } from "./host-firewall";
import { lookSettled } from "./look";

export type {
    Applied,
    BackendName,
    Change,
    Firewall,
    ForeignRule,
    Forward,
    HostFirewall,
    Installed,
    Owner,
} from "./firewall";
export { desiredRules } from "./desired";

/** The firewalls of all hosts: it keeps nothing, every look is a fresh one. */
export function openFirewall({ clock = systemClock }: { clock?: Clock } = {}): Firewall {
    return {
        async inspect(remote, backend, call) {
            const seen = await lookSettled(remote, call, clock);
            return describeHost(seen, chooseBackend(seen, backend, remote.name), remote.name);
        },
        apply: (remote, changes, call) => applyChanges(remote, changes, call, clock),
    };
}
