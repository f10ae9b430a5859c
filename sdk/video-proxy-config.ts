import type * as pulumi from "@pulumi/pulumi";
import {
    type VideoProxyConfigArgs,
    videoProxyConfigNames,
    VideoProxyConfigOutputs,
    videoProxyConfigSecrets,
} from "./generated/video-proxy-config";
import { isOfType, type Kind } from "./resource";

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
export class VideoProxyConfig extends VideoProxyConfigOutputs {
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
