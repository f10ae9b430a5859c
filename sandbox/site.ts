import { Sessions } from "./auth/sessions";
import { SiteClock } from "./clock";
import { Container } from "./container/container";
import type { Portal } from "./container/client";
import { Database } from "./database";
import { Engine } from "./engine/engine";
import { EngineSsh } from "./engine/ssh";
import type { Settings } from "./options";
import { text } from "./row";
import { VpnPeers } from "./vpn/peers";
import { newKeyPair } from "./world/keys";
import type { Ground } from "./world/ground";
import { World } from "./world/world";

/** Everything of one site behind its web door. */
export class Site {
    readonly clock: SiteClock;
    readonly database = new Database();
    readonly world: World;
    readonly ssh: EngineSsh;
    readonly engine: Engine;
    readonly vpn: VpnPeers;
    readonly sessions: Sessions;
    private portal: Portal | undefined;

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
        for (const name of settings.hosts) this.world.add(name);
        this.ssh = new EngineSsh(this.world, key);
        const { clock, ssh } = this;
        const table = this.database.hypervisors;
        this.engine = new Engine({
            table,
            clock,
            ssh,
            kvmModule: (row) =>
                settings.generation === "v4"
                    ? row?.kvm_module
                    : this.world.resolve(text(row, "hostname"))?.switches.kvm,
        });
        this.vpn = new VpnPeers(table, clock, this.world, settings);
        this.sessions = new Sessions(clock, settings);
        this.engine.start();
    }

    /** The portal listens: what waits for the API goes on. */
    opened(portal: Portal): void {
        this.portal = portal;
        for (const name of this.settings.selfRegister) this.world.host(name).container.start();
    }

    async stop(): Promise<void> {
        this.engine.stop();
        this.vpn.stop();
        this.clock.stop();
        await this.world.stop();
    }
}
