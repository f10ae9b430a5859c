import { IsardvdiError } from "../errors";
import type { Seen } from "../isardvdi-cfg/host/inspect";
import type { Wish } from "../isardvdi-cfg/host/change";
import type { Draft } from "../isardvdi-cfg/claim";
import type { Look } from "../isardvdi-cfg/kind";
import { isNetwork, local, splitHostnames } from "./hostnames";
import { hostnamesKey } from "./list";

/** Reads the list once at start, and ends when one name does not resolve. */
const squid = "isard-squid";
export const services = [squid, "isard-websockify"];
/** Flavours whose compose file has the local hypervisor; the first is the one without FLAVOUR. */
const withHypervisor = ["all-in-one", "hypervisor", "hypervisor-standalone"];

/** Whether isard-hypervisor exists on the server, or will once it is built. */
export function hasLocal({ services: known, present, hasCompose, cfg }: Seen): boolean {
    if (present.has(local) || known.includes(local)) return true;
    const flavour = cfg.read("FLAVOUR");
    return !hasCompose && withHypervisor.includes(flavour.state === "set" ? flavour.value : "all-in-one");
}

export function fileHostnames({ cfg }: Seen): string[] {
    const now = cfg.read(hostnamesKey);
    return now.state === "set" ? splitHostnames(now.value) : [];
}

/** What the running proxy has, whatever the file says. */
export function runningHostnames({ containers }: Seen): string[] {
    const running = containers.filter(({ service, running }) => running && services.includes(service));
    const proxy = running.find(({ service }) => service === squid) ?? running[0];
    if (!proxy) return [];
    const names = splitHostnames(proxy.env.get(hostnamesKey) ?? "");
    return names.length > 0 ? names : [local];
}

/** Names of the drafted list that squid could not resolve. */
export async function unresolved(draft: Draft, seen: Seen, look: Look): Promise<string[]> {
    const now = draft.cfg.read(hostnamesKey);
    const listed = now.state === "set" ? splitHostnames(now.value) : [];
    const names = listed.filter((name) => name !== local && !isNetwork(name));
    const open = names.filter((name) => !seen.resolved.has(name));
    if (open.length === 0) return [];
    const { resolved } = await look(open);
    return open.filter((name) => !resolved.has(name));
}

/** Refuses what would take SPICE down for every hypervisor; thrown only where there is something to do. */
export async function guarded(draft: Draft, seen: Seen, look: Look): Promise<Wish> {
    const bad = await unresolved(draft, seen, look);
    if (bad.length > 0) {
        const names = bad.map((name) => `"${name}"`).join(", ");
        return {
            ...draft,
            refusal: refusal(
                `${names} does not resolve on the server, and would end squid for all hypervisors`,
                "Correct the name, or its DNS record. Nothing was written.",
            ),
        };
    }
    const now = draft.cfg.read(hostnamesKey);
    const listed = now.state === "set" ? splitHostnames(now.value) : [];
    const stopped = seen.containers.find(({ service, running }) => service === local && !running);
    if (listed.includes(local) && stopped)
        return {
            ...draft,
            refusal: refusal(
                `the container ${local} does not run, and squid ends where it cannot resolve it`,
                `Start ${local} first. Nothing was written.`,
            ),
        };
    if (listed.length === 0)
        return {
            ...draft,
            refusal: refusal(
                `the list would be empty, and squid would then look for ${local}, which this server does not have`,
                "Name at least one hypervisor.",
            ),
        };
    return draft;
}

export function refusal(seen: string, advice: string): IsardvdiError {
    return new IsardvdiError({
        code: "rejected",
        action: "set",
        resource: "the video proxy's hostnames",
        seen,
        advice,
        property: "hypervisorHostnames",
    });
}
