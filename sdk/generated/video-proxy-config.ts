// Generated from the property table by "npm run reference"; do not edit.
import type { ConnectionArgs } from "../../provider/connection";
import type { DeepInput } from "../deep-input";

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

/** What a `VideoProxyConfig` has beside its arguments. */
export interface VideoProxyConfigResults {
    /** The lines that are owned, shown by preview; values that are not known to be public are masked. */
    lines: string[];
    /** The compose file that build.sh makes of the configuration. */
    composeFile: string;
    /** The server's `/etc/machine-id`. */
    machineId: string;
    /** The whole list in the file. */
    effectiveHostnames: string[];
    /** The ports in the file. */
    effectivePorts: string;
    /** The list that the running video proxy really has; empty where none runs. */
    runningHostnames: string[];
}

/** Names of every argument and result, which the engine fills in. */
export const videoProxyConfigNames: readonly string[] = ["connection","configPath","hypervisorHostnames","ports","mode","apply","lines","composeFile","machineId","effectiveHostnames","effectivePorts","runningHostnames"];

/** Arguments that are secret wherever they stand. */
export const videoProxyConfigSecrets: readonly string[] = ["connection"];
