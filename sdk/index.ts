export { Hypervisor } from "./hypervisor";
export type { HypervisorArgs } from "./generated/hypervisor";
export { PortForward } from "./port-forward";
export type { PortForwardArgs } from "./generated/port-forward";
export { ServerConfig } from "./server-config";
export type { ServerConfigArgs } from "./generated/server-config";
export { VideoProxyConfig } from "./video-proxy-config";
export type { VideoProxyConfigArgs } from "./generated/video-proxy-config";
export { HypervisorHost } from "./hypervisor-host/hypervisor-host";
export type {
    HypervisorHostArgs,
    HypervisorHostServerArgs,
    HypervisorHostTunnelArgs,
    HypervisorHostVlanArgs,
    SharedFolder,
} from "./hypervisor-host/args";
export { hypervisorHostCommands, type HostCommand, type HostCommands } from "./hypervisor-host/commands";
export { type HostPlan, planHost } from "./hypervisor-host/plan";
export { Site } from "./site/site";
export type { SiteArgs, SiteConnection, SiteHostArgs, SiteHypervisorArgs, SiteServerArgs } from "./site/args";
export type { Opened } from "./site/opened";
export { containerAddresses, type ContainerName } from "./container-addresses";
export { requiredForwards, type Deployment, type RequiredForward, type RequiredForwards } from "./required-forwards";
export type { ConnectionArgs } from "../provider/connection";
