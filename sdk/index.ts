export { Hypervisor } from "./hypervisor";
export type { HypervisorArgs } from "./generated/hypervisor";
export { PortForward } from "./port-forward";
export type { PortForwardArgs } from "./generated/port-forward";
export { containerAddresses, type ContainerName } from "./container-addresses";
export { requiredForwards, type Deployment, type RequiredForward, type RequiredForwards } from "./required-forwards";
export type { ConnectionArgs } from "../provider/connection";
