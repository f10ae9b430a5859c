import { reference } from "../../../sdk/reference";
import type { Values } from "./rpc";
import { urnOf } from "./urn";

/** A video proxy's inputs as the SDK class sends them. */
export const video = (name: string, hypervisorHostnames: unknown, more: Values = {}): Values => ({
    __provider: reference("videoProxyConfig"),
    __urn: urnOf("VideoProxyConfig", name),
    connection: "server",
    hypervisorHostnames,
    ...more,
});

/** The same of keys of the server. */
export const settings = (name: string, keys: unknown, more: Values = {}): Values => ({
    __provider: reference("serverConfig"),
    __urn: urnOf("ServerConfig", name),
    connection: "server",
    settings: keys,
    recreate: ["isard-sessions"],
    ...more,
});
