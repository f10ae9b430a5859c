import type { Fault } from "../fault";
import { ID } from "../site";

const SITE_NAME = "isard.example.test";
const SITE_ADDRESS = "10.42.0.1";

export const record: readonly Fault[] = [
    {
        what: "an id that another host has taken",
        names: "record/other-hostname",
        make: ({ sandbox }) => {
            sandbox.hypervisors.set(ID, { hostname: "h9" });
            return () => sandbox.hypervisors.set(ID, { hostname: "h1" });
        },
    },
    {
        what: "a deletion that nobody ends, for the engine is down",
        names: "record/deleting",
        make: ({ sandbox }) => {
            sandbox.engine.stop();
            sandbox.hypervisors.set(ID, { status: "Deleting" });
            return () => {
                sandbox.hypervisors.set(ID, { status: "Offline" });
                sandbox.engine.start();
            };
        },
    },
    {
        what: "an orchestrator that holds it, and is not Online",
        names: "record/orchestrator-managed",
        make: async (site) => {
            site.sandbox.hypervisors.set(ID, { orchestrator_managed: true });
            const undo = await site.lockOut();
            return () => {
                site.sandbox.hypervisors.set(ID, { orchestrator_managed: false });
                undo();
            };
        },
    },
];

export const environment: readonly Fault[] = [
    {
        what: "a host whose clock is 90 s ahead",
        names: "clock/host-ahead",
        make: ({ host }) => {
            host.turn({ clock: 90 });
            return () => host.turn({ clock: 0 });
        },
    },
    {
        what: "a host whose clock is an hour behind",
        names: "clock/host-behind",
        make: ({ host }) => {
            host.turn({ clock: -3600 });
            return () => host.turn({ clock: 0 });
        },
    },
    ...(["self-signed", "expired"] as const).map((certificate): Fault => ({
        what: `a portal whose certificate is ${certificate}, by its name`,
        names: "certificates/untrusted",
        only: "v4",
        make: ({ host, sandbox }) => {
            host.container.configure({ API_DOMAIN: SITE_NAME });
            sandbox.portal.certificate = certificate;
            return () => {
                host.container.configure({ API_DOMAIN: SITE_ADDRESS });
                sandbox.portal.certificate = "valid";
            };
        },
    })),
    {
        what: "an API_DOMAIN with a slip of the pen",
        names: "certificates/api-unresolved",
        only: "v4",
        make: ({ host }) => {
            host.container.configure({ API_DOMAIN: "isrd.example.test" });
            return () => host.container.configure({ API_DOMAIN: SITE_ADDRESS });
        },
    },
    {
        what: "a host that does not get through to the site's 443",
        names: "certificates/api-unreachable",
        only: "v4",
        make: ({ host }) => {
            host.turn({ portal: "closed" });
            return () => host.turn({ portal: "open" });
        },
    },
    {
        what: "a hostname that the site's names have not",
        names: "dns/unresolved",
        make: ({ host }) => {
            host.turn({ dns: "missing" });
            return () => host.turn({ dns: "known" });
        },
    },
    {
        what: "a hostname that is the site's own loopback there",
        names: "dns/loopback",
        make: ({ host }) => {
            host.turn({ dns: "loopback" });
            return () => host.turn({ dns: "known" });
        },
    },
];

export const registration: readonly Fault[] = [
    {
        what: "a record that somebody has deleted",
        names: "registration/missing",
        make: (site) => {
            site.sandbox.hypervisors.delete(ID);
            return () => site.register();
        },
    },
    {
        what: "a container with another HYPER_ID",
        names: "registration/other-id",
        make: (site) => {
            site.sandbox.hypervisors.delete(ID);
            site.host.container.configure({ HYPER_ID: "hyper-02" });
            return () => {
                site.host.container.configure({ HYPER_ID: ID });
                return site.register();
            };
        },
    },
    {
        what: "a record that somebody has disabled",
        names: "registration/disabled",
        make: async (site) => {
            site.sandbox.hypervisors.set(ID, { enabled: false });
            await site.until("Offline", () => site.row?.status === "Offline");
            return () => site.sandbox.hypervisors.set(ID, { enabled: true });
        },
    },
    ...(["libvirtd did not start", null] as const).map((error): Fault => ({
        what: error === null ? "a container in the middle of its boot" : "a container whose boot has met an error",
        names: error === null ? "registration/booting" : "registration/boot-error",
        make: ({ sandbox }) => {
            const boot = { step: 4, total: 9, label: "Libvirt startup", error };
            sandbox.hypervisors.set(ID, { enabled: false, boot_progress: boot });
            return () =>
                sandbox.hypervisors.set(ID, { enabled: true, boot_progress: { ...boot, step: 9, error: null } });
        },
    })),
];
