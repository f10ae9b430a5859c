import type { Facts } from "../facts";
import { absent, host, isVerified, server, type Step, without } from "./step";

const says = ({ api: { record } }: Facts, pattern: RegExp): string | undefined =>
    record?.status === "Error" && pattern.test(record.detail) ? `the engine says "${record.detail}"` : undefined;

export const key: Step = {
    id: "key",
    title: "The engine's key opens the hypervisor",
    about: "Registration answers the engine's public key, and the container writes it to /root/.ssh/authorized_keys.",
    unseen: (facts) =>
        isVerified(facts)
            ? undefined
            : (without("server", facts, server(facts)?.engineKeys, "the engine's key") ??
              without("host", facts, host(facts)?.authorizedKeys, "its authorized_keys")),
    evidence: [["server", "docker logs isard-engine"]],
    causes: [
        {
            id: "engine-without-key",
            sign: "isard-engine has no public key.",
            seen: (facts) =>
                !isVerified(facts) && server(facts)?.engineKeys?.length === 0
                    ? "isard-engine has no SSH key"
                    : undefined,
            advice: "Restart isard-apiv4 (isard-api up to release 16) and isard-engine on the server: one of them makes the key at its start.",
        },
        {
            id: "not-authorized",
            sign: "The container's authorized_keys lacks the engine's key.",
            seen(facts) {
                const [own, allowed] = [server(facts)?.engineKeys, host(facts)?.authorizedKeys];
                if (isVerified(facts) || !own?.length || !allowed) return undefined;
                return own.some((each) => allowed.includes(each))
                    ? undefined
                    : "authorized_keys lacks the engine's key";
            },
            advice: "Give diagnostics.host and change triggers, so that pulumi up brings it there; a container that registers itself takes it at its restart.",
        },
    ],
};

export const libvirt: Step = {
    id: "libvirt",
    title: "libvirtd answers in isard-hypervisor",
    about: "The engine runs desktops through it.",
    unseen: (facts) =>
        isVerified(facts) ? undefined : without("host", facts, host(facts)?.libvirt, "how libvirtd is"),
    evidence: [
        ["host", "docker exec isard-hypervisor virsh version"],
        ["host", "docker logs isard-hypervisor"],
    ],
    causes: [
        {
            id: "hangs",
            sign: "virsh gets no answer within 4 s.",
            seen: (facts) => (host(facts)?.libvirt?.said === "no answer" ? "virsh gets no answer in 4 s" : undefined),
            advice: "Look at the host's load and storage (a mount that hangs holds libvirtd up), then restart isard-hypervisor.",
        },
        {
            id: "down",
            sign: "virsh answers with an error.",
            seen(facts) {
                const seen = host(facts)?.libvirt;
                return seen && !seen.isUp ? `virsh says "${seen.said}"` : undefined;
            },
            advice: "Restart isard-hypervisor, which starts libvirtd; its log tells why it ended.",
        },
        {
            id: "engine-lost-it",
            sign: "The engine's detail says that libvirt does not answer, or that it may not.",
            seen: (facts) => says(facts, /not alive|policykit|libvirtd has not started/i),
            advice: "Look at libvirtd in isard-hypervisor (docker exec isard-hypervisor virsh version).",
        },
    ],
};

export const kvm: Step = {
    id: "kvm",
    title: "The processor's virtualisation is known",
    about: "From release 17 on the engine takes it from the record, and keeps what it found first.",
    unseen: ({ api: { error, record } }) =>
        error ? "the API does not tell" : record ? undefined : "there is no record",
    evidence: [["server", "docker logs isard-engine"]],
    causes: [
        {
            id: "no-virtualization",
            sign: "The host's processor shows neither vmx nor svm.",
            seen: (facts) =>
                concerns(facts) && host(facts)?.virtualization === "none"
                    ? "the host's processor offers no virtualisation"
                    : undefined,
            advice: "Enable VT-x or AMD-V in the BIOS, or nested virtualisation where the host is itself a virtual machine.",
        },
        {
            id: "unset",
            sign: "The record has no kvm_module, on release 17 or later.",
            seen: (facts) =>
                concerns(facts) && facts.api.generation === "v4" && !facts.api.record?.kvmModule
                    ? "the record has no kvm_module"
                    : undefined,
            advice: "Set kvmModule to intel or amd and replace the resource, for the engine keeps what it found first.",
            isFinal: true,
        },
        {
            id: "wrong",
            sign: 'The record\'s kvm_module is neither "intel" nor "amd", or not what the processor is.',
            seen(facts) {
                const [said, real] = [facts.api.record?.kvmModule, host(facts)?.virtualization];
                if (!concerns(facts) || !said) return undefined;
                if (said !== "intel" && said !== "amd") return `kvm_module is "${said}"`;
                return real && real !== "none" && real !== said
                    ? `kvm_module is ${said}, and the processor is ${real}`
                    : undefined;
            },
            advice: "Set kvmModule to what the processor is (intel or amd) and replace the resource.",
            isFinal: true,
        },
        {
            id: "cached",
            sign: "kvm_module is right, and the engine's own copy in info.kvm_module, or its detail, is not.",
            seen(facts) {
                const { kvmModule, engineKvmModule } = facts.api.record ?? {};
                if (!concerns(facts) || !kvmModule) return undefined;
                if (engineKvmModule !== undefined && engineKvmModule !== kvmModule)
                    return `kvm_module is ${kvmModule}, and the engine keeps "${engineKvmModule}"`;
                return says(facts, /virtualization support/i);
            },
            advice: "Only a new record mends it: replace the resource (delete and register), or restart isard-hypervisor where it registers itself.",
            isFinal: true,
        },
    ],
};

/** Where desktops run, and the engine has not found it good. */
const concerns = (facts: Facts): boolean => facts.api.record?.capabilities.hypervisor === true && !isVerified(facts);

export const engine: Step = {
    id: "engine",
    title: "The engine has verified it",
    about: "Online is written by the engine alone, after libvirt has answered over SSH.",
    unseen: ({ api: { error, record } }) =>
        error ? "the API does not tell" : record ? undefined : "there is no record",
    evidence: [["server", "docker logs isard-engine"]],
    causes: [
        {
            id: "container-down",
            sign: "The container isard-engine is missing or does not run.",
            seen: (facts) => absent(server(facts)?.containers, "isard-engine"),
            advice: "Start it on the server: docker compose up -d isard-engine.",
        },
        {
            id: "error",
            sign: "The status is Error, and no step before this one explains it.",
            seen: ({ api: { record } }) =>
                record?.status === "Error"
                    ? `status is Error, ${record.detail ? `"${record.detail}"` : "without a detail"}`
                    : undefined,
            advice: "The engine tries again every 10 s by itself: look at docker logs isard-engine on the server.",
        },
        {
            id: "not-taken-up",
            sign: "The record is enabled and stays Offline.",
            seen({ api: { record } }) {
                if (!record?.enabled || record.status !== "Offline" || !record.capabilities.hypervisor)
                    return undefined;
                return "the record is enabled, and the engine has not taken it up";
            },
            advice: "Within 20 s it does; one that stays so for 30 s is disabled and enabled once while pulumi up waits. Where that does not help, restart isard-engine on the server, which sets all hypervisors Offline for seconds.",
            passes: true,
        },
        {
            id: "degraded",
            sign: "The record is Online and marked as degraded, so that no desktop starts there.",
            seen({ api: { record } }) {
                if (record?.status !== "Online" || !record.degraded.isDegraded) return undefined;
                return `the engine holds it for degraded: ${record.degraded.reason ?? "no reason given"}`;
            },
            advice: "libvirt answers too slowly: look at the host's load and storage. It ends by itself once it answers in time.",
        },
    ],
};
