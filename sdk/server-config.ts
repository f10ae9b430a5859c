import type * as pulumi from "@pulumi/pulumi";
import {
    type ServerConfigArgs,
    serverConfigNames,
    ServerConfigOutputs,
    serverConfigSecrets,
} from "./generated/server-config";
import { refusal } from "./refusal";
import { isOfType, type Kind } from "./resource";

const kind: Kind = {
    provider: "serverConfig",
    type: "pulumi-nodejs:dynamic/isardvdi:ServerConfig",
    names: serverConfigNames,
    secrets: serverConfigSecrets,
};

/**
 * Keys of an isardvdi.cfg: written, built, and running in the services that read them.
 *
 * @example
 * new isardvdi.ServerConfig("sessions", {
 *     connection: "server",
 *     settings: { SESSIONS_SESSIONS_EXPIRATION_TIME: "10m" },
 *     recreate: ["isard-sessions"],
 * });
 */
export class ServerConfig extends ServerConfigOutputs {
    /** Whether an object is a ServerConfig, even one of another copy of this package. */
    static override isInstance(object: unknown): object is ServerConfig {
        return isOfType(object, kind.type);
    }

    /**
     * @param name - Name of the resource.
     * @param args - See docs/reference/server-config.md.
     * @param opts - Pulumi's own options; timeouts are arguments, because Pulumi keeps its own from this provider.
     */
    constructor(name: string, args: ServerConfigArgs, opts?: pulumi.CustomResourceOptions) {
        // the only key that is lost before the provider can refuse it
        if (Object.hasOwn(args.settings, "__proto__"))
            throw refusal("declare", `ServerConfig "${name}"`, [
                "settings has the key __proto__, which is none of IsardVDI's",
            ]);
        super(kind, name, args, opts);
    }
}
