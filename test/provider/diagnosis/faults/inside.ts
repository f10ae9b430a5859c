import { rules } from "../world";
import { down, type Fault, refused } from "./fault";

/** Behind the registration, and several at once: the step that comes first is the one to mend. */
export const inside: readonly Fault[] = [
    {
        name: "isard-vpn has ended",
        expect: "vpn/container-down",
        make: ({ serverContainers }) => ({
            serverContainers: { ...serverContainers, "isard-vpn": "Exited (1) 2 minutes ago" },
        }),
    },
    {
        name: "no port for hypervisors",
        expect: "vpn/port-unpublished",
        make: () => ({ published: "443/udp -> 0.0.0.0:443" }),
    },
    {
        name: "another WireGuard port on release 17",
        expect: "vpn/port-not-4443",
        isFinal: true,
        make: () => ({ published: "443/udp -> 0.0.0.0:443\n5555/udp -> 0.0.0.0:5555", handshake: undefined }),
    },
    { name: "the peer was lost", expect: "vpn/peer-missing", make: () => ({ peerAddress: undefined }) },
    { name: "the WireGuard port is closed", expect: "vpn/no-handshake", make: () => ({ handshake: undefined }) },
    {
        name: "the tunnel broke an hour ago",
        expect: "vpn/stale-handshake",
        make: () => ({ handshake: "1 hour, 3 minutes, 20 seconds ago" }),
    },
    {
        name: "Geneve packets do not come back",
        expect: "vpn/bfd-down",
        make: ({ record }) => ({
            bfd: "{state=down, remote_state=down}",
            record: { vpn: { ...record!.vpn, mode: "geneve", address: undefined, tunnelStatus: "disconnected" } },
        }),
    },
    {
        name: "a tunnel that is down, the server is not looked at",
        expect: "vpn/disconnected",
        without: "both",
        make: ({ record }) => ({ record: { vpn: { ...record!.vpn, tunnelStatus: "disconnected" } } }),
    },
    {
        name: "an id inside another one",
        expect: "ovs/hidden-id",
        isFinal: true,
        make: ({ record }) => ({
            hyperId: "hyper",
            record: { ...record, hyperId: "hyper" },
            settings: { HYPER_ID: "hyper" },
        }),
    },
    {
        name: "an id inside a word of Open vSwitch",
        expect: "ovs/hidden-id",
        isFinal: true,
        make: ({ record }) => ({
            hyperId: "neve",
            record: { ...record, hyperId: "neve" },
            settings: { HYPER_ID: "neve" },
            others: [],
        }),
    },
    {
        name: "no port on the server",
        expect: "ovs/port-missing",
        make: () => ({ serverPorts: ["ovsbr0", "hyper-02"] }),
    },
    {
        name: "two ports to one address",
        expect: "ovs/port-error",
        make: () => ({ ovsError: 'error: "could not add network device hyper-01 to ofproto (File exists)"' }),
    },
    { name: "no bridge on the host", expect: "ovs/bridge-missing", make: () => ({ hostPorts: [] }) },
    {
        name: "the engine's key is not on the host",
        expect: "key/not-authorized",
        make: () => ({ record: down, authorizedKeys: ["ssh-rsa AAAAB3NzaSomebody"] }),
    },
    {
        name: "the engine has no key",
        expect: "key/engine-without-key",
        make: () => ({ record: down, engineKey: undefined }),
    },
    {
        name: "libvirtd has ended",
        expect: "libvirt/down",
        make: () => ({ record: down, virsh: { text: "error: failed to connect to the hypervisor", code: 1 } }),
    },
    { name: "libvirtd hangs", expect: "libvirt/hangs", make: () => ({ record: down, virsh: { text: "", code: 124 } }) },
    {
        name: "libvirt fails the engine, nobody else looked",
        expect: "libvirt/engine-lost-it",
        without: "both",
        make: () => ({ record: { status: "Error", detail: "Libvirt connection is not alive" } }),
    },
    {
        name: "no virtualisation",
        expect: "kvm/no-virtualization",
        make: () => ({ record: { status: "Error", detail: "KVM requires virtualization support" }, cpu: "none" }),
    },
    {
        name: "a record without kvm_module",
        expect: "kvm/unset",
        isFinal: true,
        make: () => ({
            record: { status: "Error", detail: "KVM requires virtualization support", kvmModule: undefined },
        }),
    },
    {
        name: "the other maker's processor",
        expect: "kvm/wrong",
        isFinal: true,
        make: () => ({ record: { status: "Error", detail: "x" }, cpu: "svm" }),
    },
    {
        name: "kvm_module mended too late",
        expect: "kvm/cached",
        isFinal: true,
        make: () => ({
            record: { status: "Error", detail: "KVM requires virtualization support", engineKvmModule: "" },
        }),
    },
    {
        name: "the engine does not run",
        expect: "engine/container-down",
        make: ({ serverContainers }) => ({
            serverContainers: { ...serverContainers, "isard-engine": "Exited (0) 1 minute ago" },
            record: { status: "Offline" },
        }),
    },
    {
        name: "an error that nothing explains",
        expect: "engine/error",
        make: () => ({ record: { status: "Error", detail: "Failed to get hypervisor info: x" } }),
    },
    {
        name: "the engine has not noticed",
        expect: "engine/not-taken-up",
        make: () => ({ record: { status: "Offline" } }),
    },
    {
        name: "the engine finds it slow",
        expect: "engine/degraded",
        make: () => ({ record: { degraded: { isDegraded: true, reason: "slow libvirt" } } }),
    },
    {
        name: "no forward, and no key of the engine",
        expect: "forwards/missing",
        make: () => ({ ...refused, record: down, hostRules: rules([]), authorizedKeys: [] }),
    },
    {
        name: "no DNS, a stale tunnel and no libvirtd",
        expect: "dns/unresolved",
        make: () => ({ addresses: [], handshake: "2 hours ago", virsh: { text: "error: x", code: 1 }, record: down }),
    },
    {
        name: "a changed host key and no port of Open vSwitch",
        expect: "ssh/host-key-changed",
        make: () => ({ offeredKey: "ssh-rsa AAAAB3NzaOther", serverPorts: ["ovsbr0"], record: down }),
    },
    {
        name: "a wrong clock and a self-signed portal",
        expect: "clock/host-behind",
        make: ({ serverTime }) => ({
            hostTime: serverTime - 86_400,
            record: undefined,
            curl: { text: "curl: (60) x", code: 60 },
        }),
    },
    {
        name: "no kvm_module, and the engine has ended",
        expect: "kvm/unset",
        isFinal: true,
        make: ({ serverContainers }) => ({
            serverContainers: { ...serverContainers, "isard-vpn": "Up 1 hour" },
            record: { status: "Offline", kvmModule: undefined, engineKvmModule: undefined },
        }),
    },
    {
        name: "a wrong id and a stale tunnel",
        expect: "record/other-hostname",
        isFinal: true,
        make: () => ({ record: { hostname: "h9" }, handshake: "9 hours ago" }),
    },
];
