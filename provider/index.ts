import { dispatch } from "./front/dispatch";

/** Named in the state of every resource by `sdk/reference.ts`: these names can never change. */
export const hypervisor = dispatch(async () => (await import("./hypervisor/index.js")).hypervisor);
export const portForward = dispatch(async () => (await import("./port-forward/index.js")).portForward);
export const serverConfig = dispatch(async () => (await import("./server-config/index.js")).serverConfig);
export const videoProxyConfig = dispatch(async () => (await import("./video-proxy-config/index.js")).videoProxyConfig);
