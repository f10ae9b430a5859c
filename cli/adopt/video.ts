import type { Seen } from "../../provider/isardvdi-cfg/host/inspect";
import { defaultPath } from "../../provider/isardvdi-cfg/place";
import { local } from "../../provider/video-proxy-config/hostnames";
import { hostnamesKey, portsKey } from "../../provider/video-proxy-config/list";
import { fileHostnames } from "../../provider/video-proxy-config/proxy";

/** Arguments of a VideoProxyConfig. */
export type Video = Record<string, unknown>;

/** Why a list that is there is not taken over. */
export function leftOf(seen: Seen): string | undefined {
    const list = seen.cfg.read(hostnamesKey);
    if (list.state === "expanded")
        return `${hostnamesKey}=${list.raw} is worked out when the file is read, so that no program can declare it: it is left as it is.`;
    if (list.state === "foreign")
        return `${hostnamesKey} is set by a line that is no plain assignment: it is left as it is.`;
    return undefined;
}

/** The list as the file has it; undefined where there is none, or where somebody owns it already. */
export function videoOf(connection: string, configPath: string, seen: Seen): Video | undefined {
    const hypervisorHostnames = fileHostnames(seen).filter((name) => name !== local);
    const isOwned = seen.ledger.keys[hostnamesKey] !== undefined || Object.keys(seen.ledger.shares).length > 0;
    if (hypervisorHostnames.length === 0 || isOwned) return undefined;
    const ports = seen.cfg.read(portsKey);
    return {
        connection,
        ...(configPath !== defaultPath && { configPath }),
        hypervisorHostnames,
        ...(ports.state === "set" && { ports: ports.value }),
    };
}
