import type { OutputProperty } from "../resource";

/** What a PortForward has beside its inputs, each as the host said it last. */
export const outputs: Record<string, OutputProperty> = {
    backendUsed: { doc: "What the rule is made with on this host.", type: '"iptables" | "nftables" | "firewalld"' },
    rules: {
        doc: "The exact lines on the host that are this forward's. `pulumi preview` shows what the inputs ask for, in the form of iptables where `backend` is `auto`.",
        type: "string[]",
    },
    verified: {
        doc: "What was verified last, and from where; undefined when the rules were found changed since.",
        type: "string | undefined",
    },
    machineId: { doc: "The host's `/etc/machine-id`.", type: "string" },
};
