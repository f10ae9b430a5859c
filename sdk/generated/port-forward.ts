// Generated from the property table by "npm run reference"; do not edit.
import type { ConnectionArgs } from "../../provider/connection";
import type { DeepInput } from "../deep-input";

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

/** What a `PortForward` has beside its arguments. */
export interface PortForwardResults {
    /** What the rule is made with on this host. */
    backendUsed: "iptables" | "nftables" | "firewalld";
    /** The exact lines on the host that are this forward's. `pulumi preview` shows what the inputs ask for, in the form of iptables where `backend` is `auto`. */
    rules: string[];
    /** What was verified last, and from where; undefined when the rules were found changed since. */
    verified: string | undefined;
    /** The host's `/etc/machine-id`. */
    machineId: string;
}

/** Names of every argument and result, which the engine fills in. */
export const portForwardNames: readonly string[] = ["connection","site","protocol","port","toAddress","toPort","sourceCidrs","inInterface","local","backend","zone","persist","adopt","verify","verifyTimeoutSeconds","rollbackSeconds","backendUsed","rules","verified","machineId"];

/** Arguments that are secret wherever they stand. */
export const portForwardSecrets: readonly string[] = ["connection"];
