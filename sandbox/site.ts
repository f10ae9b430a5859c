import { Sessions } from "./auth/sessions";
import { SiteClock } from "./clock";
import { Container } from "./container/container";
import type { Portal } from "./container/client";
import { Database } from "./database";
import { Engine } from "./engine/engine";
import { EngineSsh } from "./engine/ssh";
import type { Settings } from "./options";
import { Journal } from "./journal";
import { hostCommands } from "./operator/host";
import { serverCommands } from "./operator/server";
import { text } from "./row";
import { VideoProxy } from "./video/proxy";
import { VpnPeers } from "./vpn/peers";
import { newKeyPair } from "./world/keys";
import type { Ground } from "./world/ground";
import { World } from "./world/world";

/** The site's portal as its hosts find it. */
export interface PortalState {
    certificate: "valid" | "self-signed" | "expired";
}

/** Everything of one site behind its web door. */
export class Site {
    readonly clock: SiteClock;
    readonly database = new Database();
    readonly world: World;
    readonly ssh: EngineSsh;
    readonly engine: Engine;
    readonly vpn: VpnPeers;
    readonly video: VideoProxy;
    readonly sessions: Sessions;
    readonly journal: Journal;
    readonly portalState: PortalState = { certificate: "valid" };
    private portal: Portal | undefined;
    private log: () => readonly string[] = () => [];

    constructor(
        readonly settings: Settings,
        ground: Ground,
    ) {
        const key = newKeyPair("isard-engine");
        this.clock = new SiteClock(settings.timeScale, settings.clockOffsetSeconds * 1000);
        this.world = new World(
            key.publicText,
            ground,
            (host) => new Container(host, { clock: this.clock, settings, portal: () => this.portal }),
        );
        this.journal = new Journal(() => this.clock.epochMs());
        this.video = new VideoProxy(this.world);
        for (const name of settings.hosts) this.world.add(name);
        this.ssh = new EngineSsh(this.world, key);
        const { clock, ssh } = this;
        const table = this.database.hypervisors;
        this.engine = new Engine({
            table,
            clock,
            ssh,
            journal: this.journal,
            kvmModule: (row) =>
                settings.generation === "v4"
                    ? row?.kvm_module
                    : this.world.resolve(text(row, "hostname"))?.switches.kvm,
        });
        this.vpn = new VpnPeers(table, clock, this.world, settings);
        this.sessions = new Sessions(clock, settings);
        ground.equip({
            server: (machine) => serverCommands(this, machine),
            host: (name, hypervisor) => hostCommands(this, this.world.host(name), hypervisor),
        });
        this.engine.start();
    }

    /** The lines of the API's log. */
    requests(): readonly string[] {
        return this.log();
    }

    /** The portal listens: what waits for the API goes on. */
    opened(portal: Portal, log: () => readonly string[]): void {
        this.portal = portal;
        this.log = log;
        for (const name of this.settings.selfRegister) this.world.host(name).container.start();
    }

    async stop(): Promise<void> {
        this.engine.stop();
        this.vpn.stop();
        this.clock.stop();
        await this.world.stop();
    }
}
