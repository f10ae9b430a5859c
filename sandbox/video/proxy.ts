import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Service } from "../docker/containers";
import type { World } from "../world/world";
import { Squid } from "./squid";
import { refuse } from "./stream";
import { Websockify } from "./websockify";

/** The containers of the site's video proxy, and the ways on which its portal hands viewers over to them. */
export class VideoProxy {
    private squid: Squid | undefined;
    private websockify: Websockify | undefined;

    constructor(private readonly world: World) {}

    /** A container that is created; undefined for one that has nothing to do with video. */
    make(service: string, environment: Readonly<Record<string, string>>): Service | undefined {
        if (service === "isard-squid") return (this.squid = new Squid(this.world, environment)).service;
        if (service === "isard-websockify") return (this.websockify = new Websockify(this.world, environment)).service;
        return undefined;
    }

    async connect(request: IncomingMessage, client: Duplex): Promise<void> {
        if (this.squid) await this.squid.connect(request, client);
        else refuse(client, "503 Service Unavailable");
    }

    async upgrade(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
        if (this.websockify) await this.websockify.upgrade(request, client, head);
        else refuse(client, "503 Service Unavailable");
    }
}
