// Generated from the property table by "npm run reference"; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../../provider/connection";
import type { DeepInput } from "../deep-input";
import { Resource } from "../resource";

/** Arguments of `VideoProxyConfig`. */
export interface VideoProxyConfigArgs {
    /**
     * How the server is reached over SSH: a connection, or a name in `isardvdi:connections`. Never a replacement: another machine gets the settings first, then the old one gets its own back.
     * @example connection: "server"
     */
    connection: DeepInput<string | ConnectionArgs>;
    /**
     * The isardvdi.cfg, in IsardVDI's checkout: `isardvdi.cfg`, or `isardvdi.NAME.cfg` where there are several.
     * Default: `"/opt/isard/src/isardvdi.cfg"`.
     * A change replaces the resource.
     */
    configPath?: DeepInput<string>;
    /**
     * Names of the hypervisor-standalone hosts, each exactly as the `DOMAIN` of its isardvdi.cfg. Each must resolve on the server: one that does not takes SPICE down for all. `isard-hypervisor` is added where that container exists. A network (`10.0.0.0/24`, `10.0.0.0/255.255.255.0`) or a range (`10.0.0.1-10.0.0.9`) opens SPICE alone, for websockify compares names letter by letter.
     * @example hypervisorHostnames: ["h1.example.org"]
     */
    hypervisorHostnames: DeepInput<string[]>;
    /**
     * The video ports: one, or a range.
     * Default: `"5900-7899"`.
     */
    ports?: DeepInput<string>;
    /**
     * `authoritative` owns the whole list; `additive` adds these hostnames to those of other stacks and to what was written by hand, with ports that cover all.
     * Default: `"authoritative"`.
     */
    mode?: DeepInput<"authoritative" | "additive">;
    /**
     * Whether build.sh is run and the services are recreated; without it only the file is written.
     * Default: `true`.
     */
    apply?: DeepInput<boolean>;
}

/** Outputs of `VideoProxyConfig`: its arguments as the server has them, and what it has beside them. */
export abstract class VideoProxyConfigOutputs extends Resource {
    /** How the server is reached over SSH: a connection, or a name in `isardvdi:connections`. Never a replacement: another machine gets the settings first, then the old one gets its own back. */
    declare readonly connection: pulumi.Output<string | ConnectionArgs>;
    /** The isardvdi.cfg, in IsardVDI's checkout: `isardvdi.cfg`, or `isardvdi.NAME.cfg` where there are several. */
    declare readonly configPath: pulumi.Output<string | undefined>;
    /** Names of the hypervisor-standalone hosts, each exactly as the `DOMAIN` of its isardvdi.cfg. Each must resolve on the server: one that does not takes SPICE down for all. `isard-hypervisor` is added where that container exists. A network (`10.0.0.0/24`, `10.0.0.0/255.255.255.0`) or a range (`10.0.0.1-10.0.0.9`) opens SPICE alone, for websockify compares names letter by letter. */
    declare readonly hypervisorHostnames: pulumi.Output<string[]>;
    /** The video ports: one, or a range. */
    declare readonly ports: pulumi.Output<string>;
    /** `authoritative` owns the whole list; `additive` adds these hostnames to those of other stacks and to what was written by hand, with ports that cover all. */
    declare readonly mode: pulumi.Output<"authoritative" | "additive" | undefined>;
    /** Whether build.sh is run and the services are recreated; without it only the file is written. */
    declare readonly apply: pulumi.Output<boolean | undefined>;
    /** The lines that are owned, shown by preview; values that are not known to be public are masked. */
    declare readonly lines: pulumi.Output<string[]>;
    /** The compose file that build.sh makes of the configuration. */
    declare readonly composeFile: pulumi.Output<string>;
    /** The server's `/etc/machine-id`. */
    declare readonly machineId: pulumi.Output<string>;
    /** The whole list in the file. */
    declare readonly effectiveHostnames: pulumi.Output<string[]>;
    /** The ports in the file. */
    declare readonly effectivePorts: pulumi.Output<string>;
    /** The list that the running video proxy really has; empty where none runs. */
    declare readonly runningHostnames: pulumi.Output<string[]>;
}

/** Names of every argument and result, which the engine fills in. */
export const videoProxyConfigNames: readonly string[] = ["connection","configPath","hypervisorHostnames","ports","mode","apply","lines","composeFile","machineId","effectiveHostnames","effectivePorts","runningHostnames"];

/** Arguments that are secret wherever they stand. */
export const videoProxyConfigSecrets: readonly string[] = ["connection"];
