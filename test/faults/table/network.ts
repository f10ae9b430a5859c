import type { Fault } from "../fault";
import { ID } from "../site";

const vpnShell = "docker exec isard-vpn";
const hypervisorShell = "docker exec isard-hypervisor";

export const vpn: readonly Fault[] = [
    {
        what: "a server whose isard-vpn was stopped",
        names: "vpn/container-down",
        make: async (site) => {
            await site.on("server", "docker stop isard-vpn");
            return () => site.on("server", "docker start isard-vpn");
        },
    },
    {
        what: "a server that publishes no port for hypervisors",
        names: "vpn/port-unpublished",
        make: ({ sandbox }) => {
            sandbox.vpn.publish(undefined);
            return () => sandbox.vpn.publish(4443);
        },
    },
    {
        what: "a server that publishes another port than hypervisors are told",
        names: "vpn/port-not-4443",
        only: "v4",
        make: ({ sandbox }) => {
            sandbox.vpn.publish(5555);
            return () => sandbox.vpn.publish(4443);
        },
    },
    {
        what: "a peer that somebody has removed",
        names: "vpn/peer-missing",
        make: async (site) => {
            const key = /^peer: (\S+)$/m.exec(await site.on("server", `${vpnShell} wg show`))?.[1] ?? "";
            await site.on("server", `${vpnShell} wg set hypers peer ${key} remove`);
            return () => site.registerAnew();
        },
    },
    {
        what: "a tunnel that has never been made",
        names: "vpn/no-handshake",
        make: ({ sandbox, host }) => {
            host.turn({ tunnel: "closed" });
            sandbox.vpn.publish(4443);
            return () => host.turn({ tunnel: "open" });
        },
    },
    {
        what: "a tunnel that was cut",
        names: "vpn/stale-handshake",
        make: async (site) => {
            site.host.turn({ tunnel: "closed" });
            const isStale = async (): Promise<boolean> =>
                / [3-9] minutes/.test(await site.on("server", `${vpnShell} wg show`));
            await site.until("a stale handshake", isStale);
            return () => site.host.turn({ tunnel: "open" });
        },
    },
];

export const ovs: readonly Fault[] = [
    {
        what: "a geneve port that somebody has deleted",
        names: "ovs/port-missing",
        make: async (site) => {
            await site.on("server", `${vpnShell} ovs-vsctl del-port ${ID}`);
            return () => site.registerAnew();
        },
    },
    {
        what: "two geneve ports with one remote address",
        names: "ovs/port-error",
        make: async (site) => {
            const shown = await site.on("server", `${vpnShell} ovs-vsctl show`);
            const remote = /remote_ip="([^"]+)"/.exec(shown)?.[1] ?? "";
            const set = `set interface old type=geneve options:remote_ip=${remote}`;
            await site.on("server", `${vpnShell} ovs-vsctl add-port ovsbr0 old -- ${set}`);
            return () => site.on("server", `${vpnShell} ovs-vsctl del-port old`);
        },
    },
    {
        what: "an id that is part of another one",
        names: "ovs/hidden-id",
        hyperId: "hyper-0",
        make: async (site) => {
            await site.register({ hyperId: "hyper-0" });
            return () => site.sandbox.hypervisors.delete("hyper-0");
        },
    },
    {
        what: "a hypervisor without its bridge",
        names: "ovs/bridge-missing",
        make: async (site) => {
            await site.on("h1", `${hypervisorShell} ovs-vsctl del-br ovsbr0`);
            return () => site.on("h1", `${hypervisorShell} ovs-vsctl add-br ovsbr0 && ${portToSite}`);
        },
    },
    {
        what: "a hypervisor's bridge without the port to the site",
        names: "ovs/bridge-missing",
        make: async (site) => {
            await site.on("h1", `${hypervisorShell} ovs-vsctl del-port isard-vpn`);
            return () => site.on("h1", portToSite);
        },
    },
];

const portToSite =
    `${hypervisorShell} ovs-vsctl add-port ovsbr0 isard-vpn -- ` +
    "set interface isard-vpn type=geneve options:remote_ip=10.1.0.1";
