import { accept, dnat, rules } from "../world";
import { down, type Fault, refused } from "./fault";

const container = "172.31.255.17";

/** On the way in: from the record to the registration. */
export const way: readonly Fault[] = [
    {
        name: "the record has another hostname",
        expect: "record/other-hostname",
        isFinal: true,
        make: () => ({ record: { hostname: "h9.example.org" } }),
    },
    { name: "somebody deletes it", expect: "record/deleting", make: () => ({ record: { status: "Deleting" } }) },
    {
        name: "the orchestrator manages it",
        expect: "record/orchestrator-managed",
        make: () => ({ record: { ...down, orchestratorManaged: true } }),
    },
    {
        name: "the host's clock is slow",
        expect: "clock/host-behind",
        make: ({ serverTime }) => ({ hostTime: serverTime - 3600 }),
    },
    {
        name: "the host's clock is fast",
        expect: "clock/host-ahead",
        make: ({ serverTime }) => ({ hostTime: serverTime + 90 }),
    },
    {
        name: "a self-signed portal",
        expect: "certificates/untrusted",
        isFinal: true,
        make: () => ({
            record: undefined,
            curl: { text: "curl: (60) SSL certificate problem: self-signed certificate", code: 60 },
        }),
    },
    {
        name: "no way from the container to the API",
        expect: "certificates/api-unreachable",
        make: () => ({ record: undefined, curl: { text: "curl: (28) Connection timed out", code: 28 } }),
    },
    {
        name: "the container knows no such API",
        expect: "certificates/api-unresolved",
        make: () => ({ record: undefined, curl: { text: "curl: (6) Could not resolve host", code: 6 } }),
    },
    {
        name: "the record's hostname is an option",
        expect: "dns/no-hostname",
        make: () => ({ hostname: "-f/etc/shadow", record: { ...down, hostname: "-f/etc/shadow" } }),
    },
    {
        name: "the server's DNS lacks the name",
        expect: "dns/unresolved",
        make: () => ({
            addresses: [],
            dial: "bash: h1: Name or service not known\n code 1",
            record: { status: "Error", detail: "Hostname not in database" },
        }),
    },
    {
        name: "the server's /etc/hosts has it as itself",
        expect: "dns/loopback",
        make: () => ({ addresses: ["127.0.1.1"] }),
    },
    {
        name: "the engine cannot resolve it, the server is not looked at",
        expect: "dns/engine-unresolved",
        without: "both",
        make: () => ({ record: { status: "Error", detail: "'hyp' object has no attribute 'conn'" } }),
    },
    {
        name: "no forward on the host",
        expect: "forwards/missing",
        make: () => ({ ...refused, record: down, hostRules: rules([]) }),
    },
    {
        name: "a host that routes nothing",
        expect: "forwards/ip-forward-off",
        make: () => ({ dial: " code 124", record: down, ipForward: "0" }),
    },
    {
        name: "a forward to another container",
        expect: "forwards/other-address",
        make: () => ({ ...refused, hostRules: rules([dnat(2022, "172.31.255.21:2022")]) }),
    },
    {
        name: "the manual's forward to port 22",
        expect: "forwards/port-22",
        make: () => ({ ...refused, hostRules: rules([dnat(2022, `${container}:22`)], [accept(container, 2022)]) }),
    },
    {
        name: "Docker's policy drops the forwarded",
        expect: "forwards/docker-drop",
        make: () => ({ dial: " code 124", hostRules: rules([dnat(2022, `${container}:2022`)]) }),
    },
    {
        name: "an administrator's rule rejects it",
        expect: "forwards/docker-drop",
        make: () => ({
            dial: " code 124",
            hostRules: rules(
                [dnat(2022, `${container}:2022`)],
                [`-A DOCKER-USER -d ${container}/32 -p tcp -j REJECT`, accept(container, 2022)],
                "ACCEPT",
            ),
        }),
    },
    {
        name: "storage without a way to Redis",
        expect: "forwards/redis-closed",
        make: ({ hostContainers }) => ({ hostContainers: { ...hostContainers, "isard-storage": "Up 2 hours" } }),
    },
    {
        name: "the container has ended, and nothing answers for it",
        expect: "ssh/container-down",
        make: () => ({ ...refused, hostContainers: { "isard-hypervisor": "Exited (137) 4 minutes ago" } }),
    },
    { name: "sshd does not run in the container", expect: "ssh/refused", make: () => refused },
    { name: "a firewall between them drops", expect: "ssh/timeout", make: () => ({ dial: " code 124" }) },
    {
        name: "the host is off",
        expect: "ssh/unreachable",
        without: "host",
        make: () => ({ dial: "bash: connect: No route to host\n code 1" }),
    },
    { name: "an sshd that hangs", expect: "ssh/silent", make: () => ({ dial: "connected\n code 124" }) },
    {
        name: "a mail server on the port",
        expect: "ssh/other-service",
        make: () => ({ dial: "connected\n220 mail.example.org ESMTP code 0" }),
    },
    {
        name: "the container was rebuilt",
        expect: "ssh/host-key-changed",
        make: () => ({ offeredKey: "ssh-rsa AAAAB3NzaOther" }),
    },
    {
        name: "a record written past registration",
        expect: "ssh/host-key-unknown",
        make: () => ({ storedKey: undefined, record: down }),
    },
    {
        name: "the engine cannot reach it, nobody else looked",
        expect: "ssh/engine-unreachable",
        without: "both",
        make: () => ({ record: { status: "Error", detail: "Hypervisor not reachable" } }),
    },
    { name: "nobody registered it", expect: "registration/missing", make: () => ({ record: undefined }) },
    {
        name: "the container has another id",
        expect: "registration/other-id",
        isFinal: true,
        make: ({ settings }) => ({ record: undefined, settings: { ...settings, HYPER_ID: "isard-hypervisor" } }),
    },
    {
        name: "the container does not run",
        expect: "registration/container-down",
        make: () => ({
            hostContainers: { "isard-hypervisor": "Exited (137) 3 minutes ago" },
            record: { status: "Offline", enabled: false },
        }),
    },
    {
        name: "the container's boot failed",
        expect: "registration/boot-error",
        make: () => ({
            record: {
                status: "Offline",
                enabled: false,
                bootProgress: { step: 3, total: 9, label: "OVS setup", error: "no module", timestamp: 1 },
            },
        }),
    },
    {
        name: "the container is still booting",
        expect: "registration/booting",
        make: () => ({
            record: {
                status: "Offline",
                enabled: false,
                bootProgress: { step: 4, total: 9, label: "Libvirt startup", error: undefined, timestamp: 1 },
            },
        }),
    },
    {
        name: "somebody disabled it",
        expect: "registration/disabled",
        make: () => ({ record: { status: "Offline", enabled: false } }),
    },
];
