import { reference } from "../../sdk/reference";
import type { Values } from "../contract/harness/rpc";
import { urnOf } from "../contract/harness/urn";
import type { Wish } from "./story";

/** A resource of a program, as both the SDK and the wire can make it. */
export interface Declared {
    type: "PortForward" | "Hypervisor" | "VideoProxyConfig" | "ServerConfig";
    name: string;
    args: Values;
    /** Names of those that must be there first. */
    after: string[];
}

const hypervisorIn = "172.31.255.17";
const keyOf = {
    PortForward: "portForward",
    Hypervisor: "hypervisor",
    VideoProxyConfig: "videoProxyConfig",
    ServerConfig: "serverConfig",
} as const;

/** The program of a wish: a hypervisor comes with the forwards without which no engine reaches it. */
export function declared({ hypervisors, video, settings }: Wish, applies: boolean): Declared[] {
    const forward = (host: string, name: string, port: number | string): Declared => ({
        type: "PortForward",
        name,
        args: {
            connection: host,
            protocol: "tcp",
            port,
            toAddress: hypervisorIn,
            // a busy machine answers late; a run that was killed makes the next one wait for the rollback
            rollbackSeconds: 15,
            verifyTimeoutSeconds: 120,
        },
        after: [],
    });
    return [
        ...Object.entries(hypervisors).flatMap(([host, { viewers, ...more }]): Declared[] => [
            forward(host, `${host}-ssh`, 2022),
            ...(viewers === undefined ? [] : [forward(host, `${host}-viewers`, viewers)]),
            {
                type: "Hypervisor",
                name: host,
                args: {
                    hostname: host,
                    kvmModule: "intel",
                    enabled: true,
                    ...more,
                    awaitOnline: { timeoutSeconds: 240 },
                },
                after: [`${host}-ssh`],
            },
        ]),
        ...(video
            ? [server("VideoProxyConfig", "video", { hypervisorHostnames: video, mode: "additive", apply: applies })]
            : []),
        ...(settings
            ? [server("ServerConfig", "settings", { settings, recreate: ["isard-sessions"], apply: applies })]
            : []),
    ];
}

const server = (type: Declared["type"], name: string, args: Values): Declared => ({
    type,
    name,
    args: { connection: "server", ...args },
    after: [],
});

/** The inputs that the SDK's class would send. */
export const sent = (resource: Declared): Values => ({
    __provider: reference(keyOf[resource.type]),
    __urn: urnOf(resource.type, resource.name),
    ...(resource.type === "Hypervisor" && { hyperId: resource.name }),
    ...resource.args,
});
