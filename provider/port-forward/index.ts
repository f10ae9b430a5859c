import { openFirewall } from "../firewall";
import { desiredRules } from "../firewall/desired";
import { defineResource } from "../resource";
import { systemNetwork } from "../verification/network";
import { lifecycleWith } from "./lifecycle";
import { definition } from "./schema";

export const portForward = defineResource(
    definition,
    lifecycleWith({
        firewall: openFirewall(),
        rulesOf: (owner, forward, backend) => desiredRules(forward, backend, owner),
        network: systemNetwork,
    }),
);
