// Generated from the property table by "npm run reference"; do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../../provider/connection";
import type { DeepInput } from "../deep-input";
import { Resource } from "../resource";

/** Arguments of `ServerConfig`. */
export interface ServerConfigArgs {
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
     * Keys and values. A value reaches IsardVDI exactly as it is given: it is quoted so that sh and docker compose read the same, or refused.
     * @example settings: { SESSIONS_SESSIONS_EXPIRATION_TIME: "10m" }
     */
    settings: DeepInput<Record<string, string>>;
    /**
     * The services that read the keys: they, and no others, are recreated. Names that the compose file does not have are passed over.
     * Default: `[]`.
     * @example recreate: ["isard-sessions"]
     */
    recreate?: DeepInput<string[]>;
    /**
     * Whether build.sh is run and the services are recreated; without it only the file is written.
     * Default: `true`.
     */
    apply?: DeepInput<boolean>;
}

/** Outputs of `ServerConfig`: its arguments as the server has them, and what it has beside them. */
export abstract class ServerConfigOutputs extends Resource {
    /** How the server is reached over SSH: a connection, or a name in `isardvdi:connections`. Never a replacement: another machine gets the settings first, then the old one gets its own back. */
    declare readonly connection: pulumi.Output<string | ConnectionArgs>;
    /** The isardvdi.cfg, in IsardVDI's checkout: `isardvdi.cfg`, or `isardvdi.NAME.cfg` where there are several. */
    declare readonly configPath: pulumi.Output<string | undefined>;
    /** Keys and values. A value reaches IsardVDI exactly as it is given: it is quoted so that sh and docker compose read the same, or refused. */
    declare readonly settings: pulumi.Output<Record<string, string>>;
    /** The services that read the keys: they, and no others, are recreated. Names that the compose file does not have are passed over. */
    declare readonly recreate: pulumi.Output<string[] | undefined>;
    /** Whether build.sh is run and the services are recreated; without it only the file is written. */
    declare readonly apply: pulumi.Output<boolean | undefined>;
    /** The lines that are owned, shown by preview; values that are not known to be public are masked. */
    declare readonly lines: pulumi.Output<string[]>;
    /** The compose file that build.sh makes of the configuration. */
    declare readonly composeFile: pulumi.Output<string>;
    /** The server's `/etc/machine-id`. */
    declare readonly machineId: pulumi.Output<string>;
}

/** Names of every argument and result, which the engine fills in. */
export const serverConfigNames: readonly string[] = ["connection","configPath","settings","recreate","apply","lines","composeFile","machineId"];

/** Arguments that are secret wherever they stand. */
export const serverConfigSecrets: readonly string[] = ["connection","settings"];
