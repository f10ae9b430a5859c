import { reference } from "../../../sdk/reference";
import type { Values } from "./rpc";
import { urnOf as anyUrn } from "./urn";

export const urnOf = (name: string): string => anyUrn("PortForward", name);

/** A port forward's inputs as the SDK class sends them; each test has a host of its own, for ports are compared. */
export const forward = (name: string, more: Values = {}): Values => ({
    __provider: reference("portForward"),
    __urn: urnOf(name),
    connection: { ...nowhere, user: name },
    protocol: "tcp",
    port: 2022,
    toAddress: "172.31.255.17",
    ...more,
});

/** Nothing listens there, and nobody is dialled twice. */
export const nowhere = { host: "127.0.0.1", port: 9, dialErrorLimit: 0, perDialTimeout: 1 };

export const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n-----END";
