import { generateKeyPairSync } from "node:crypto";
import type { SiteClock } from "../clock";
import type { Table } from "../database";
import { Journal } from "../journal";
import type { Settings } from "../options";
import { part, text, type Row } from "../row";
import type { Host } from "../world/host";
import type { World } from "../world/world";
import { Bridge } from "./bridge";
import type { Peer } from "./wireguard";

/** The port that the newer release tells every hypervisor, whatever is published. */
const TOLD_PORT = 4443;
/** Seconds after the last handshake for which a tunnel is taken to stand. */
const FRESH = 180;

interface Tunnel {
    /** Absent where the site's tunnels are Geneve alone, and once somebody has removed it. */
    peer?: { publicKey: string; address: string };
    /** Milliseconds of this machine's clock. */
    shookAt?: number;
    told?: "connected" | "disconnected";
}

/** isard-vpn: gives each new hypervisor its end of the tunnel a moment after its row appears. */
export class VpnPeers {
    readonly serverKeys = wireGuardKeys();
    readonly bridge = new Bridge("ovsbr0", (id) => (this.stands(id) ? "up" : "down"));
    readonly journal: Journal;
    running = true;
    private publishedPort: number | undefined = TOLD_PORT;
    private next = 2;
    private readonly tunnels = new Map<string, Tunnel>();
    private readonly cancels: (() => void)[];

    constructor(
        private readonly table: Table,
        private readonly clock: SiteClock,
        private readonly world: World,
        private readonly settings: Settings,
    ) {
        this.journal = new Journal(() => clock.epochMs());
        this.cancels = [
            table.onChange((before, after) => {
                if (!before && after) clock.after(400, () => this.connect(text(after, "id")));
                if (before && !after) this.forget(text(before, "id"));
            }),
            clock.every(5_000, () => this.poll()),
        ];
    }

    get port(): number | undefined {
        return this.publishedPort;
    }

    /** Recreated with another WG_HYPERS_PORT, or with none: no handshake is remembered. */
    publish(port: number | undefined): void {
        this.publishedPort = port;
        for (const tunnel of this.tunnels.values()) delete tunnel.shookAt;
        this.poll();
    }

    /** As `docker stop` and `docker start` do. */
    turn(on: boolean): void {
        this.running = on;
        if (!on) return;
        for (const row of this.table.all()) this.connect(text(row, "id"));
    }

    stop(): void {
        for (const cancel of this.cancels) cancel();
    }

    peers(): Peer[] {
        return [...this.tunnels].flatMap(([id, { peer }]) => {
            if (!peer) return [];
            const endpoint = this.hostOf(id)?.address;
            const { publicKey, address } = peer;
            return {
                publicKey,
                allowedIps: `${address}/32`,
                endpoint: endpoint && `${endpoint}:4443`,
                handshakeAge: this.age(id),
            };
        });
    }

    /** `wg set hypers peer KEY remove`. */
    removePeer(publicKey: string): void {
        for (const tunnel of this.tunnels.values()) if (tunnel.peer?.publicKey === publicKey) delete tunnel.peer;
    }

    publicKey(id: string | undefined): string | undefined {
        return id === undefined ? undefined : this.tunnels.get(id)?.peer?.publicKey;
    }

    /** Seconds of the site since the last handshake with a hypervisor. */
    age(id: string): number | undefined {
        const shookAt = this.tunnels.get(id)?.shookAt;
        return shookAt === undefined ? undefined : ((Date.now() - shookAt) / 1000) * this.clock.scale;
    }

    private connect(id: string): void {
        const row = this.table.get(id);
        if (!row || !this.running || this.tunnels.has(id)) return;
        const tunnel: Tunnel = {};
        this.tunnels.set(id, tunnel);
        const isGeneve = this.settings.vpnMode === "geneve";
        if (!isGeneve) {
            if (!part(row, "vpn").wireguard) this.allocate(id);
            const wireguard = part(part(this.table.get(id), "vpn"), "wireguard");
            tunnel.peer = { publicKey: text(part(wireguard, "keys"), "public"), address: text(wireguard, "Address") };
            this.journal.info(`New hypervisor peer ${id} with address ${tunnel.peer.address}`);
        }
        const remote = isGeneve ? this.hostOf(id)?.address : tunnel.peer?.address;
        // anywhere in the text: what isard-vpn itself does
        if (this.bridge.show().includes(id)) this.journal.info(`The geneve port ${id} is there already`);
        else if (remote !== undefined) this.bridge.addGeneve(id, remote);
        // only the newer isard-vpn watches the tunnels
        if (this.settings.generation !== "v3") this.tell(id, "disconnected");
        this.clock.after(1_000, () => this.poll());
    }

    private forget(id: string): void {
        this.tunnels.delete(id);
        this.bridge.remove(id);
        this.journal.info(`Removed the peer and the geneve port of ${id}`);
    }

    private poll(): void {
        for (const [id, tunnel] of this.tunnels) {
            const stands = this.stands(id);
            if (stands) tunnel.shookAt = Date.now();
            const isUp = this.settings.vpnMode === "geneve" ? stands : (this.age(id) ?? FRESH) < FRESH;
            if (this.settings.generation !== "v3" && this.running) this.tell(id, isUp ? "connected" : "disconnected");
        }
    }

    /** Written only when it changes. */
    private tell(id: string, status: "connected" | "disconnected"): void {
        const tunnel = this.tunnels.get(id);
        if (!tunnel || tunnel.told === status) return;
        tunnel.told = status;
        this.journal.info(`The tunnel of ${id} is ${status}`);
        this.table.update(id, { vpn: { tunnel_status: status } });
    }

    private stands(id: string): boolean {
        const host = this.hostOf(id);
        if (!this.running || !host?.up || host.switches.tunnel === "closed") return false;
        if (this.publishedPort === undefined) return false;
        if (this.settings.vpnMode === "geneve") return true;
        const isTold = this.settings.generation === "v3" || this.publishedPort === TOLD_PORT;
        return isTold && this.tunnels.get(id)?.peer !== undefined;
    }

    private hostOf(id: string): Host | undefined {
        return this.world.resolve(text(this.table.get(id), "hostname"));
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
