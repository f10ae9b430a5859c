// Generated from the property table by "npm run reference"; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../../provider/connection";
import type { DeepInput } from "../deep-input";
import { Resource } from "../resource";

/** Arguments of `PortForward`. */
export interface PortForwardArgs {
    /**
     * How the host is reached over SSH: a connection, or a name in `isardvdi:connections`. Never a replacement: another machine gets the rules first, then the old one is cleaned.
     * @example connection: "h1"
     */
    connection: DeepInput<string | ConnectionArgs>;
    /**
     * Name of the site in `isardvdi:sites` whose `server`, where it has one, sends packets for the verification as well.
     * Default: the top-level configuration.
     * A change touches no server.
     */
    site?: DeepInput<string>;
    /**
     * Protocol of the forwarded port.
     * @example protocol: "tcp"
     */
    protocol: DeepInput<"tcp" | "udp">;
    /**
     * Port of the host, or a range `"FROM-TO"`.
     * @example port: "5900-7899"
     */
    port: DeepInput<number | string>;
    /**
     * IPv4 address the packets are sent on to, usually a container's.
     * @example toAddress: "172.31.255.17"
     */
    toAddress: DeepInput<string>;
    /**
     * Port the packets are sent on to; a range of ports keeps its ports, which is the one promise that a range can give.
     * Default: the port is kept.
     * @example toPort: 22
     */
    toPort?: DeepInput<number | string>;
    /**
     * Networks or addresses whose packets are forwarded.
     * Default: everyone's.
     * @example sourceCidrs: ["10.0.0.0/24"]
     */
    sourceCidrs?: DeepInput<string[]>;
    /**
     * Interface of the host on which the packets come in.
     * Default: any.
     * @example inInterface: "eth0"
     */
    inInterface?: DeepInput<string>;
    /**
     * Whether what the host itself sends to its own addresses is forwarded as well; not together with `sourceCidrs` or `inInterface`.
     * Default: `false`.
     */
    local?: DeepInput<boolean>;
    /**
     * What the rule is made with; `auto` takes what the host really uses, and `backendUsed` says which.
     * Default: `"auto"`.
     */
    backend?: DeepInput<"auto" | "iptables" | "nftables" | "firewalld">;
    /**
     * firewalld's zone of the rule; firewalld only.
     * Default: every zone at which its packets can arrive.
     * @example zone: "public"
     */
    zone?: DeepInput<string>;
    /**
     * Whether the rule outlives a reboot, by the host's own means.
     * Default: `true`.
     */
    persist?: DeepInput<boolean>;
    /**
     * Takes over an equal rule that somebody else made: the own rule in first, the foreign one out second.
     * Default: `false`.
     * A change touches no server.
     */
    adopt?: DeepInput<boolean>;
    /**
     * What proves a new or changed rule: a `packet` that arrives, or the `rules` as the host lists them.
     * Default: `"packet"`.
     * A change touches no server.
     */
    verify?: DeepInput<"packet" | "rules">;
    /**
     * How long a packet may take to arrive, for a container may still be booting. Unit: seconds.
     * Default: `120`.
     * A change touches no server.
     */
    verifyTimeoutSeconds?: DeepInput<number>;
    /**
     * After so long the host takes a change back by itself, if no new SSH connection has proved the way in; a refresh waits for that. Unit: seconds.
     * Default: `30`.
     * A change touches no server.
     */
    rollbackSeconds?: DeepInput<number>;
}

/** Outputs of `PortForward`: its arguments as the server has them, and what it has beside them. */
export abstract class PortForwardOutputs extends Resource {
    /** How the host is reached over SSH: a connection, or a name in `isardvdi:connections`. Never a replacement: another machine gets the rules first, then the old one is cleaned. */
    declare readonly connection: pulumi.Output<string | ConnectionArgs>;
    /** Name of the site in `isardvdi:sites` whose `server`, where it has one, sends packets for the verification as well. */
    declare readonly site: pulumi.Output<string | undefined>;
    /** Protocol of the forwarded port. */
    declare readonly protocol: pulumi.Output<"tcp" | "udp">;
    /** Port of the host, or a range `"FROM-TO"`. */
    declare readonly port: pulumi.Output<number | string>;
    /** IPv4 address the packets are sent on to, usually a container's. */
    declare readonly toAddress: pulumi.Output<string>;
    /** Port the packets are sent on to; a range of ports keeps its ports, which is the one promise that a range can give. */
    declare readonly toPort: pulumi.Output<number | string | undefined>;
    /** Networks or addresses whose packets are forwarded. */
    declare readonly sourceCidrs: pulumi.Output<string[] | undefined>;
    /** Interface of the host on which the packets come in. */
    declare readonly inInterface: pulumi.Output<string | undefined>;
    /** Whether what the host itself sends to its own addresses is forwarded as well; not together with `sourceCidrs` or `inInterface`. */
    declare readonly local: pulumi.Output<boolean>;
    /** What the rule is made with; `auto` takes what the host really uses, and `backendUsed` says which. */
    declare readonly backend: pulumi.Output<"auto" | "iptables" | "nftables" | "firewalld" | undefined>;
    /** firewalld's zone of the rule; firewalld only. */
    declare readonly zone: pulumi.Output<string | undefined>;
    /** Whether the rule outlives a reboot, by the host's own means. */
    declare readonly persist: pulumi.Output<boolean>;
    /** Takes over an equal rule that somebody else made: the own rule in first, the foreign one out second. */
    declare readonly adopt: pulumi.Output<boolean | undefined>;
    /** What proves a new or changed rule: a `packet` that arrives, or the `rules` as the host lists them. */
    declare readonly verify: pulumi.Output<"packet" | "rules" | undefined>;
    /** How long a packet may take to arrive, for a container may still be booting. */
    declare readonly verifyTimeoutSeconds: pulumi.Output<number | undefined>;
    /** After so long the host takes a change back by itself, if no new SSH connection has proved the way in; a refresh waits for that. */
    declare readonly rollbackSeconds: pulumi.Output<number | undefined>;
    /** What the rule is made with on this host. */
    declare readonly backendUsed: pulumi.Output<"iptables" | "nftables" | "firewalld">;
    /** The exact lines on the host that are this forward's. `pulumi preview` shows what the inputs ask for, in the form of iptables where `backend` is `auto`. */
    declare readonly rules: pulumi.Output<string[]>;
    /** What was verified last, and from where; undefined when the rules were found changed since. */
    declare readonly verified: pulumi.Output<string | undefined>;
    /** The host's `/etc/machine-id`. */
    declare readonly machineId: pulumi.Output<string>;
}

/** Names of every argument and result, which the engine fills in. */
export const portForwardNames: readonly string[] = ["connection","site","protocol","port","toAddress","toPort","sourceCidrs","inInterface","local","backend","zone","persist","adopt","verify","verifyTimeoutSeconds","rollbackSeconds","backendUsed","rules","verified","machineId"];

/** Arguments that are secret wherever they stand. */
export const portForwardSecrets: readonly string[] = ["connection"];
