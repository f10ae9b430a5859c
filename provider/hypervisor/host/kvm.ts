import { IsardvdiError } from "../../errors";
import type { Remote } from "../../remote/remote";
import type { World } from "../../world";

/** The module that is loaded says it best; the processor's flags stand in where none is loaded yet. */
const script = `
if grep -qs '^kvm_intel ' /proc/modules; then echo intel
elif grep -qs '^kvm_amd ' /proc/modules; then echo amd
elif grep -qsw vmx /proc/cpuinfo; then echo intel
elif grep -qsw svm /proc/cpuinfo; then echo amd
else echo none; fi
[ -e /dev/kvm ] && echo device || echo no-device
`;

/** Reads from the host which virtualisation its processor has. */
export async function readKvmModule(host: Remote, hyperId: string, world: World): Promise<"intel" | "amd"> {
    world.log.status(`asking ${host.name} for its virtualisation`);
    const { stdout } = await host.run(script, world);
    const [found, device] = stdout.trim().split("\n");
    if (found !== "intel" && found !== "amd") throw without(host, hyperId);
    if (device === "no-device")
        world.log.warn(
            `${host.name} has no /dev/kvm: load kvm_${found}, or enable virtualisation in its firmware, or no desktop starts there`,
        );
    world.log.info(`kvmModule is "${found}", as ${host.name} says`);
    return found;
}

const without = (host: Remote, hyperId: string): IsardvdiError =>
    new IsardvdiError({
        code: "bad-input",
        action: "register",
        resource: `hypervisor "${hyperId}"`,
        seen: `kvmModule is not set, and ${host.name} has neither a KVM module nor vmx or svm in /proc/cpuinfo`,
        advice: 'Enable virtualisation in its firmware, set kvmModule to "intel" or "amd", or set capabilities.hypervisor to false.',
        property: "kvmModule",
    });
