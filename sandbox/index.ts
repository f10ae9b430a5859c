export { obstacle as machinesObstacle } from "./machine/obstacle";
export { startSandbox, type Sandbox } from "./sandbox";
export type { Generation, RethinkdbUser, SandboxOptions, VpnMode } from "./options";
export type { SandboxRethinkdb } from "./rethinkdb/server";
export type { Row } from "./row";
export type { SandboxHost } from "./world/host";
export type { LoggedRequest } from "./web/door";
export type { ApiFault } from "./web/faults";
