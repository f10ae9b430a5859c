import { IsardvdiError, isCode } from "../errors";
import type { HypervisorRecord, IsardApi } from "../isardvdi/api";
import type { World } from "../world";
import { type Inputs, registrationOf } from "./wanted";

/** Milliseconds between attempts: a forward or a container that has just been started needs a moment. */
const pauses = [1000, 2000, 4000, 8000];

/** Registers the hypervisor, patiently while its SSH port does not answer yet. */
export async function register(
    api: IsardApi,
    inputs: Inputs,
    record: HypervisorRecord | undefined,
    world: World,
): Promise<void> {
    const registration = registrationOf(inputs, record);
    requireKvmModule(api, registration);
    for (const [attempt, pause] of [...pauses, undefined].entries()) {
        world.log.status(
            `registering ${inputs.hyperId} at ${registration.hostname}:${registration.sshPort}${attempt ? ` (attempt ${attempt + 1})` : ""}`,
        );
        try {
            await api.register(registration, world);
            return;
        } catch (error) {
            if (pause === undefined || !isCode(error, "ssh-unreachable")) throw error;
            world.log.status(
                `${registration.hostname}:${registration.sshPort} does not answer the site's SSH key scan; trying again in ${pause / 1000} s`,
            );
            await world.clock.sleep(pause, world.signal);
        }
    }
}

/** Without it v4's engine ends in an error that it then caches, so this is no registration to try. */
function requireKvmModule(
    { generation }: IsardApi,
    { kvmModule, capabilities, hyperId }: ReturnType<typeof registrationOf>,
): void {
    if (generation !== "v4" || !capabilities.hypervisor || kvmModule) return;
    throw new IsardvdiError({
        code: "bad-input",
        action: "register",
        resource: `hypervisor "${hyperId}"`,
        seen: "kvmModule is not set, and releases 17 and later need it for a host that runs desktops",
        advice: 'Set kvmModule to "intel" or "amd" (on the host: lsmod | grep kvm), or capabilities.hypervisor to false.',
        property: "kvmModule",
    });
}
