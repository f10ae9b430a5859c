/**
 * The `__provider` of a resource: a constant that finds the code by name, so that the state stays small
 * and old state runs with today's code. These bytes are a contract: they stand in every user's state.
 */
export const reference = (kind: "hypervisor" | "portForward" | "serverConfig" | "videoProxyConfig"): string =>
    `exports.handler=()=>require("pulumi-isardvdi/provider").${kind}`;
