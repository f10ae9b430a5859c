export { Hypervisor } from "./hypervisor";
export type { HypervisorArgs } from "./generated/hypervisor";
export type { ConnectionArgs } from "../provider/connection";
