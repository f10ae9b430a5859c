import type { Fault } from "../fault";
import { accept, forward, ID } from "../site";

/** Two things are wrong at once: the one that the other needs is named. */
export const combined: readonly Fault[] = [
    {
        what: "no name for the host, and a clock that is wrong",
        names: "clock/host-ahead",
        make: ({ host }) => {
            host.turn({ dns: "missing", clock: 90 });
            return () => host.turn({ dns: "known", clock: 0 });
        },
    },
    {
        what: "no forward, and a libvirtd that is down",
        names: "forwards/missing",
        make: async (site) => {
            await site.on("h1", forward("D"));
            site.host.turn({ libvirt: "down" });
            return () => {
                site.host.turn({ libvirt: "up" });
                return site.on("h1", forward("A"));
            };
        },
    },
    {
        what: "an isard-vpn that was stopped, and a hypervisor that does not know the engine's key",
        names: "key/not-authorized",
        make: async (site) => {
            const undo = await site.lockOut();
            await site.on("server", "docker stop isard-vpn");
            return async () => {
                await site.on("server", "docker start isard-vpn");
                undo();
            };
        },
    },
    {
        what: "no record, and an engine that was stopped",
        names: "registration/missing",
        make: (site) => {
            site.sandbox.hypervisors.delete(ID);
            site.sandbox.engine.stop();
            return () => {
                site.sandbox.engine.start();
                return site.register();
            };
        },
    },
    {
        what: "no name for the host, no accept of Docker's, and an sshd that is down",
        names: "dns/unresolved",
        make: async (site) => {
            site.host.turn({ dns: "missing", ssh: "closed" });
            await site.on("h1", accept("D"));
            return async () => {
                await site.on("h1", accept("A"));
                site.host.turn({ dns: "known", ssh: "open" });
            };
        },
    },
    {
        what: "an API that answers 403, and a container that was stopped",
        names: "api/forbidden",
        make: async (site) => {
            const undo = site.sandbox.fault({ kind: "status", status: 403, match: /hypervisors?\b/ });
            await site.on("h1", "docker stop isard-hypervisor");
            return async () => {
                undo();
                await site.on("h1", "docker start isard-hypervisor");
            };
        },
    },
];
