import type { HostPlan } from "../plan";
import { check } from "./check";
import type { HostCommand } from "./command";
import { configuration } from "./configuration";
import { build, look, others, service } from "./containers";
import { source } from "./source";
import { trunk } from "./trunk";

export type { HostCommand } from "./command";

/** Everything that is run on a host, in this order; taken down the other way round. */
export interface HostCommands {
    check: HostCommand;
    source: HostCommand;
    configuration: HostCommand;
    trunk?: HostCommand;
    build: HostCommand;
    /** By the name of the service, in the order of their start. */
    services: Record<string, HostCommand>;
    others: HostCommand;
    look: HostCommand;
}

/** The exact texts that `HypervisorHost` runs on its host. */
export const hypervisorHostCommands = (plan: HostPlan): HostCommands => ({
    check: check(plan),
    source: source(plan),
    configuration: configuration(plan),
    ...(plan.trunkInterface !== undefined && { trunk: trunk(plan, plan.trunkInterface) }),
    build: build(plan),
    services: Object.fromEntries(plan.services.map(({ name }) => [name, service(plan, name)])),
    others: others(plan),
    look: look(plan),
});
