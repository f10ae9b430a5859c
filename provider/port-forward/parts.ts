import type { BackendName, Firewall, Forward, Owner } from "../firewall/firewall";
import type { Network } from "../verification/network";

/** What a PortForward is done with; a test puts its own in their place. */
export interface Parts {
    firewall: Firewall;
    /** The lines a back end would own, from the inputs alone. */
    rulesOf(owner: Owner, forward: Forward, backend: BackendName): string[];
    /** What can be reached from where Pulumi runs. */
    network: Network;
}
