import { IsardvdiError, isCode } from "../errors";
import type { HypervisorRecord, IsardApi, Registration, RegistrationAnswer } from "../isardvdi/api";
import type { Remote } from "../remote/remote";
import type { World } from "../world";
import type { Goal } from "./ensure";
import { deliver, requireContainer } from "./host/deliver";
import { readKvmModule } from "./host/kvm";
import { release } from "./release";
import type { Inputs } from "./schema";
import { registrationOf } from "./wanted";

/** Milliseconds between attempts: a forward or a container that has just been started needs a moment. */
export const pauses: readonly number[] = [1000, 2000, 4000, 8000];

export interface Registrant extends Pick<Goal, "api" | "progress"> {
    /** The hypervisor's own host, where `diagnostics.host` is given. */
    host: Remote | undefined;
}

/** Registers the hypervisor, and takes what the answer holds for the host there. */
export async function register(
    registrant: Registrant,
    inputs: Inputs,
    record: HypervisorRecord | undefined,
    world: World,
): Promise<void> {
    const { api, host } = registrant;
    const { hyperId } = inputs;
    const registration = registrationOf(inputs, record);
    // a hypervisor that runs is not interrupted for a delivery that cannot be made
    if (host && record?.enabled) await requireContainer(host, hyperId, world);
    if (needsKvmModule(api, registration)) {
        if (!host) throw noKvmModule(hyperId);
        registration.kvmModule = await readKvmModule(host, hyperId, world);
    }
    // one that never was in the engine's hands need not be taken from them
    if (record && (record.enabled || record.statusTime !== undefined)) await release(registrant, record, world);
    // nobody is kept out of service for a port that may never answer
    const isInService = record?.enabled === true && record.status === "Online";
    const { enrolment } = await registerPatiently(api, registration, isInService ? [] : pauses, world);
    if (host) await deliver(enrolment, host, hyperId, world);
}

/** Tries again while the hypervisor's SSH port does not answer yet. */
async function registerPatiently(
    api: IsardApi,
    registration: Registration,
    pauses: readonly number[],
    world: World,
): Promise<RegistrationAnswer> {
    const { hyperId, hostname, sshPort } = registration;
    for (const [attempt, pause] of [...pauses, undefined].entries()) {
        world.log.status(
            `registering ${hyperId} at ${hostname}:${sshPort}${attempt ? ` (attempt ${attempt + 1})` : ""}`,
        );
        try {
            return await api.register(registration, world);
        } catch (error) {
            if (pause === undefined || !isCode(error, "ssh-unreachable")) throw error;
            world.log.status(
                `${hostname}:${sshPort} does not answer the site's SSH key scan; trying again in ${pause / 1000} s`,
            );
            await world.clock.sleep(pause, world.signal);
        }
    }
    throw new Error("unreachable: the last pause throws");
}

/** Without it v4's engine ends in an error that it then caches, so that is no registration to try. */
const needsKvmModule = ({ generation }: IsardApi, { kvmModule, capabilities }: Registration): boolean =>
    generation === "v4" && capabilities.hypervisor && !kvmModule;

const noKvmModule = (hyperId: string): IsardvdiError =>
    new IsardvdiError({
        code: "bad-input",
        action: "register",
        resource: `hypervisor "${hyperId}"`,
        seen: "kvmModule is not set, and releases 17 and later need it for a host that runs desktops",
        advice: 'Set kvmModule to "intel" or "amd" (on the host: lsmod | grep kvm), diagnostics.host so that the host is asked, or capabilities.hypervisor to false.',
        property: "kvmModule",
    });
