import { text, type Row } from "../row";
import type { Site } from "../site";
import type { SandboxHost } from "../world/host";

const DESKTOPS_PER_BATCH = 20;

/** All that run on a host, as the list and the table read count them. */
export const desktopsOn = ({ desktops, serverDesktops }: SandboxHost): number => desktops + serverDesktops;

export const desktopsOf = (site: Site, row: Row | undefined): number => {
    const host = site.world.resolve(text(row, "hostname"));
    return host ? desktopsOn(host) : 0;
};

/** Stops the desktops of a hypervisor, a batch a second; nothing to do for an unknown one. */
export async function stopDesktops(site: Site, id: string): Promise<void> {
    const host = site.world.resolve(text(site.database.hypervisors.get(id), "hostname"));
    if (!host) return;
    while (desktopsOn(host) > 0) {
        await site.clock.sleep(1_000);
        const left = Math.max(0, host.desktops - DESKTOPS_PER_BATCH);
        host.serverDesktops = Math.max(0, host.serverDesktops - (DESKTOPS_PER_BATCH - (host.desktops - left)));
        host.desktops = left;
    }
}

/** The graceful deletion: it asks the engine to let go and deletes the row itself if nobody listens. */
export async function removeHypervisor(site: Site, id: string): Promise<void> {
    const table = site.database.hypervisors;
    table.update(id, { forced_hyp: true });
    await stopDesktops(site, id);
    table.update(id, { enabled: false });
    await site.clock.sleep(1_000);
    table.update(id, { status: "Deleting" });
    for (let second = 0; second < 10; second++) {
        await site.clock.sleep(1_000);
        if (!table.has(id)) return;
    }
    table.delete(id);
}
