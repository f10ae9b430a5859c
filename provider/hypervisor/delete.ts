import { IsardvdiError } from "../errors";
import type { HypervisorRecord, IsardApi } from "../isardvdi/api";
import type { World } from "../world";
import { drain } from "./drain";
import type { Inputs } from "./schema";

/** Drains as told, disables, deletes and sees the record gone; a record that is gone already is no error. */
export async function remove(
    api: IsardApi,
    hyperId: string,
    deletion: Inputs["deletion"],
    world: World,
    otherOwner: (record: HypervisorRecord) => string | undefined = () => undefined,
): Promise<void> {
    const record = await api.find(hyperId, world);
    const other = record && otherOwner(record);
    if (!record || other !== undefined) {
        world.log.info(
            other === undefined ? `${hyperId} is gone already` : `${other} has ${hyperId} now, and keeps it`,
        );
        return;
    }
    if ((deletion?.policy ?? "drain") === "drain") await drain(api, record, deletion?.timeoutSeconds ?? 600, world);
    world.log.status(`deleting ${hyperId}`);
    if (record.enabled) await api.setEnabled(hyperId, false, world);
    await api.remove(hyperId, world);
    if (await api.find(hyperId, world)) {
        throw new IsardvdiError({
            code: "conflict",
            action: "delete",
            resource: `hypervisor "${hyperId}"`,
            seen: "its record is still there, or there again",
            advice: "A running isard-hypervisor container may have registered itself anew: stop it, then run again.",
        });
    }
}
