import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs } from "../provider/connection";
import {
    type VideoProxyConfigArgs,
    videoProxyConfigNames,
    type VideoProxyConfigResults,
    videoProxyConfigSecrets,
} from "./generated/video-proxy-config";
import { isOfType, type Kind, Resource } from "./resource";

const kind: Kind = {
    provider: "videoProxyConfig",
    type: "pulumi-nodejs:dynamic/isardvdi:VideoProxyConfig",
    names: videoProxyConfigNames,
    secrets: videoProxyConfigSecrets,
};

/**
 * The hypervisors that the server's video proxy lets viewers through to.
 *
 * @example
 * new isardvdi.VideoProxyConfig("video", {
 *     connection: "server",
 *     hypervisorHostnames: ["h1.example.org"],
 * });
 */
export class VideoProxyConfig extends Resource {
    declare readonly connection: pulumi.Output<string | ConnectionArgs>;
    declare readonly configPath: pulumi.Output<string>;
    declare readonly hypervisorHostnames: pulumi.Output<string[]>;
    declare readonly ports: pulumi.Output<string>;
    declare readonly mode: pulumi.Output<"authoritative" | "additive">;
    /** The whole list in the file. */
    declare readonly effectiveHostnames: pulumi.Output<VideoProxyConfigResults["effectiveHostnames"]>;
    /** The ports in the file. */
    declare readonly effectivePorts: pulumi.Output<VideoProxyConfigResults["effectivePorts"]>;
    /** The list that the running video proxy really has; empty where none runs. */
    declare readonly runningHostnames: pulumi.Output<VideoProxyConfigResults["runningHostnames"]>;
    declare readonly apply: pulumi.Output<boolean>;
    /** The lines that are owned; values that are not known to be public are masked. */
    declare readonly lines: pulumi.Output<VideoProxyConfigResults["lines"]>;
    /** The compose file that build.sh makes of the configuration. */
    declare readonly composeFile: pulumi.Output<VideoProxyConfigResults["composeFile"]>;
    /** The server's `/etc/machine-id`. */
    declare readonly machineId: pulumi.Output<VideoProxyConfigResults["machineId"]>;

    /** Whether an object is a VideoProxyConfig, even one of another copy of this package. */
    static override isInstance(object: unknown): object is VideoProxyConfig {
        return isOfType(object, kind.type);
    }

    /**
     * @param name - Name of the resource.
     * @param args - See docs/reference/video-proxy-config.md.
     * @param opts - Pulumi's own options; timeouts are arguments, because Pulumi keeps its own from this provider.
     */
    constructor(name: string, args: VideoProxyConfigArgs, opts?: pulumi.CustomResourceOptions) {
        super(kind, name, args, opts);
    }
}
