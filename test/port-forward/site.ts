import { setMaxListeners } from "node:events";
import type { ConnectionArgs } from "../../provider/connection";
import { openFirewall } from "../../provider/firewall";
import { desiredRules } from "../../provider/firewall/desired";
import { lifecycleWith } from "../../provider/port-forward/lifecycle";
import { readConfiguration } from "../../provider/configuration";
import { openRemotes } from "../../provider/remote";
import type { Context, Lifecycle, Values } from "../../provider/resource";
import { openSites } from "../../provider/sites";
import { systemNetwork } from "../../provider/verification/network";
import { systemClock } from "../../provider/world";
import type { LabHost } from "../lab/host";

export interface Line {
    level: string;
    message: string;
}

/** The provider's own core over real SSH, as its front puts it together, with its log kept. */
export function openSite(connections: Record<string, ConnectionArgs>): {
    context: Context;
    lifecycle: Lifecycle;
    lines: Line[];
    close(): Promise<void>;
} {
    const lines: Line[] = [];
    const line = (level: string) => (message: string) => void lines.push({ level, message });
    const log = {
        debug: line("debug"),
        info: line("info"),
        warn: line("warn"),
        error: line("error"),
        status: line("status"),
    };
    const settings: Record<string, unknown> = { "isardvdi:connections": connections };
    const configuration = readConfiguration((key) => settings[key], {});
    const remotes = openRemotes({ ssh: configuration.ssh });
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    return {
        context: {
            world: { clock: systemClock, signal, log },
            configuration,
            remotes,
            sites: openSites(configuration, () => Promise.reject(new Error("no site is needed"))),
        },
        lifecycle: lifecycleWith({
            firewall: openFirewall(),
            rulesOf: (owner, forward, backend) => desiredRules(forward, backend, owner),
            network: systemNetwork,
        }),
        lines,
        close: () => remotes.close(),
    };
}

/** To a host of the lab through the client, from which packets can then be sent to the host's own address. */
export async function through(client: LabHost, host: LabHost): Promise<ConnectionArgs> {
    const { user, hostKey, privateKey, port } = host.ssh;
    return { host: host.address, port, user, hostKey, privateKey, proxy: await client.connection() };
}

export const forward = (name: string, more: Values = {}): Values => ({
    connection: "h1",
    protocol: "tcp",
    port: 2022,
    toAddress: "172.31.255.17",
    verifyTimeoutSeconds: 20,
    __urn: `urn:pulumi:dev::lab::pulumi-nodejs:dynamic/isardvdi:PortForward::${name}`,
    ...more,
});
