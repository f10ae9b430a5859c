import { generateKeyPairSync } from "node:crypto";
import type { SiteClock } from "../clock";
import type { Table } from "../database";
import type { Settings } from "../options";
import { part, text, type Row } from "../row";
import type { World } from "../world/world";

/** isard-vpn: gives each new hypervisor its end of the tunnel a moment after its row appears. */
export class VpnPeers {
    readonly serverKeys = wireGuardKeys();
    private next = 2;
    private readonly unsubscribe: () => void;

    constructor(
        private readonly table: Table,
        private readonly clock: SiteClock,
        private readonly world: World,
        private readonly settings: Settings,
    ) {
        this.unsubscribe = table.onChange((before, after) => {
            if (!before && after) clock.after(400, () => this.connect(text(after, "id")));
        });
    }

    stop(): void {
        this.unsubscribe();
    }

    private connect(id: string): void {
        const row = this.table.get(id);
        if (!row) return;
        if (this.settings.vpnMode === "wireguard+geneve" && !part(row, "vpn").wireguard) this.allocate(id);
        // only the newer isard-vpn watches the tunnels
        if (this.settings.generation === "v3") return;
        this.table.update(id, { vpn: { tunnel_status: "disconnected" } });
        this.clock.after(1_000, () => {
            if (this.world.resolve(text(row, "hostname")))
                this.table.update(id, { vpn: { tunnel_status: "connected" } });
        });
    }

    private allocate(id: string): void {
        // addresses never return to the pool while the service lives
        const address = `10.1.0.${this.next++}`;
        const wireguard: Row = {
            Address: address,
            extra_client_nets: null,
            keys: wireGuardKeys(),
            AllowedIPs: `${address}/32`,
        };
        this.table.update(id, { vpn: { iptables: [], wireguard } });
    }
}

function wireGuardKeys(): { private: string; public: string } {
    const pair = generateKeyPairSync("x25519");
    const raw = (encoded: Buffer): string => encoded.subarray(-32).toString("base64");
    return {
        private: raw(pair.privateKey.export({ type: "pkcs8", format: "der" })),
        public: raw(pair.publicKey.export({ type: "spki", format: "der" })),
    };
}
