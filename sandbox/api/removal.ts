import { text } from "../row";
import type { Site } from "../site";

const DESKTOPS_PER_BATCH = 20;

/** Stops the desktops of a hypervisor, a batch a second; nothing to do for an unknown one. */
export async function stopDesktops(site: Site, id: string): Promise<void> {
    const host = site.world.resolve(text(site.database.hypervisors.get(id), "hostname"));
    if (!host) return;
    for (; host.desktops > 0; host.desktops = Math.max(0, host.desktops - DESKTOPS_PER_BATCH))
        await site.clock.sleep(1_000);
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
