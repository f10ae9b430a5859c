import type { Fault } from "../fault";
import { ID } from "../site";

export const key: readonly Fault[] = [
    {
        what: "an engine without a key of its own",
        names: "key/engine-without-key",
        make: async (site) => {
            site.sandbox.engine.keyFile(false);
            const undo = await site.lockOut();
            return () => {
                site.sandbox.engine.keyFile(true);
                undo();
            };
        },
    },
    {
        what: "a hypervisor that does not know the engine's key",
        names: "key/not-authorized",
        make: (site) => site.lockOut(),
    },
    {
        what: "an authorized_keys that somebody has emptied in the container",
        names: "key/not-authorized",
        make: async (site) => {
            await site.on("h1", "docker exec isard-hypervisor sh -c ': >/root/.ssh/authorized_keys'");
            const undo = await site.lockOut();
            return undo;
        },
    },
];

const libvirtIs = (what: string, names: string, libvirt: "down" | "hangs"): Fault => ({
    what,
    names,
    make: async (site) => {
        site.host.turn({ libvirt });
        await site.until("Error", () => site.row?.status === "Error");
        return () => site.host.turn({ libvirt: "up" });
    },
});

export const libvirt: readonly Fault[] = [
    libvirtIs("a libvirtd that was stopped", "libvirt/down", "down"),
    libvirtIs("a libvirtd that hangs", "libvirt/hangs", "hangs"),
];

export const kvm: readonly Fault[] = [
    {
        what: "a host whose firmware keeps virtualisation off",
        names: "kvm/no-virtualization",
        make: async (site) => {
            site.host.turn({ kvm: "none" });
            await site.registerAnew({ kvmModule: undefined }, "Error");
            return () => {
                site.host.turn({ kvm: "intel" });
                return site.registerAnew();
            };
        },
    },
    {
        what: "a record without a kvm_module",
        names: "kvm/unset",
        only: "v4",
        make: async (site) => {
            await site.registerAnew({ kvmModule: undefined }, "Error");
            return () => site.registerAnew();
        },
    },
    {
        what: "a record with a kvm_module that there is none of",
        names: "kvm/wrong",
        only: "v4",
        make: async (site) => {
            await site.registerAnew({ kvmModule: "vax" }, "Error");
            return () => site.registerAnew();
        },
    },
    {
        what: "a kvm_module that came after the engine had looked",
        names: "kvm/cached",
        only: "v4",
        make: async (site) => {
            await site.registerAnew({ kvmModule: undefined }, "Error");
            site.sandbox.hypervisors.set(ID, { kvm_module: "intel" });
            return () => site.registerAnew();
        },
    },
    {
        what: "a virtualisation that came after the engine had looked",
        names: "engine/error",
        only: "v3",
        make: async (site) => {
            site.host.turn({ kvm: "none" });
            await site.registerAnew({}, "Error");
            site.host.turn({ kvm: "intel" });
            return () => site.registerAnew();
        },
    },
];

const written = (what: string, names: string, change: object): Fault => ({
    what,
    names,
    make: ({ sandbox }) => {
        // the worker that is there already is not asked again
        sandbox.hypervisors.set(ID, { ...change });
        return () => {
            sandbox.engine.stop();
            sandbox.engine.start();
        };
    },
});

export const engine: readonly Fault[] = [
    {
        what: "an engine that was stopped",
        names: "engine/container-down",
        make: async (site) => {
            await site.on("server", "docker stop isard-engine");
            return () => site.on("server", "docker start isard-engine");
        },
    },
    written("a record that the engine leaves Offline", "engine/not-taken-up", { status: "Offline" }),
    written("an error that only the engine knows", "engine/error", { status: "Error", detail: "Disk full" }),
    written("a hypervisor that is held for degraded", "engine/degraded", {
        degraded: { is_degraded: true, reason: "libvirt is slow", since: 1 },
    }),
];
