import { Sessions } from "./auth/sessions";
import { SiteClock } from "./clock";
import { Database } from "./database";
import { Engine } from "./engine/engine";
import { EngineSsh } from "./engine/ssh";
import type { Settings } from "./options";
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

    constructor(
        readonly settings: Settings,
        ground: Ground,
    ) {
        const key = newKeyPair("isard-engine");
        this.clock = new SiteClock(settings.timeScale, settings.clockOffsetSeconds * 1000);
        this.world = new World(key.publicText, ground);
        for (const name of settings.hosts) this.world.add(name);
        this.ssh = new EngineSsh(this.world, key);
        const { clock, ssh } = this;
        const table = this.database.hypervisors;
        this.engine = new Engine({ table, clock, ssh, kvmFromRow: settings.generation === "v4" });
        this.vpn = new VpnPeers(table, clock, this.world, settings);
        this.sessions = new Sessions(clock, settings);
        this.engine.start();
    }

    async stop(): Promise<void> {
        this.engine.stop();
        this.vpn.stop();
        this.clock.stop();
        await this.world.stop();
    }
}
