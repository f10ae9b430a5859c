import type { BackendName, Firewall, HostFirewall } from "../firewall/firewall";
import type { Remote, RemoteCall } from "../remote/remote";
import type { Clock } from "../world";

interface Inspection {
    at: number;
    host: Promise<HostFirewall>;
}

const inspections = new WeakMap<Remote, Map<string, Inspection>>();

/** So long an inspection serves everyone who reads the same host in the same run. */
const freshMs = 15_000;

/** What the host has now: one look for all that ask within a few seconds, unless we wrote in between. */
export function inspectTogether(
    firewall: Firewall,
    remote: Remote,
    backend: "auto" | BackendName,
    { clock, ...call }: RemoteCall & { clock: Clock },
): Promise<HostFirewall> {
    const ofHost = inspections.get(remote) ?? new Map<string, Inspection>();
    inspections.set(remote, ofHost);
    const known = ofHost.get(backend);
    if (known && clock.now() - known.at < freshMs) return known.host;
    const host = firewall.inspect(remote, backend, call);
    const inspection = { at: clock.now(), host };
    ofHost.set(backend, inspection);
    // the next one to ask tries again
    host.catch(() => ofHost.get(backend) === inspection && ofHost.delete(backend));
    return host;
}

export const forgetInspections = (remote: Remote): void => void inspections.delete(remote);
