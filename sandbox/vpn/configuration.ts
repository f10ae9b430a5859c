import { part, text, type Row } from "../row";
import type { Site } from "../site";
import { Failure } from "../web/failure";

/** The wg-quick file that a hypervisor fetches at start; not ready until isard-vpn has made its peer. */
export function wireGuardConfiguration(site: Site, id: string): Row {
    const row = site.database.hypervisors.get(id);
    const geneveOnly = site.settings.vpnMode === "geneve";
    if (geneveOnly && site.settings.generation === "v3") return { vpn_required: false, tunneling_mode: "geneve" };
    if (!row) throw new Failure("not_found", `Hypervisor ${id} not found`, "hypervisor_not_found");
    if (geneveOnly) throw new Failure("conflict", "WireGuard is disabled on this server", "vpn_wireguard_disabled");
    const wireguard = part(part(row, "vpn"), "wireguard");
    const keys = part(wireguard, "keys");
    if (text(wireguard, "Address") === "") {
        throw new Failure("precondition_required", "VPN peer is not ready yet", "vpn_peer_not_ready");
    }
    const content = [
        "[Interface]",
        `Address = ${text(wireguard, "Address")}`,
        `PrivateKey = ${text(keys, "private")}`,
        "MTU = 1440",
        "PostUp = iptables -I FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu",
        "",
        "[Peer]",
        `PublicKey = ${site.vpn.serverKeys.public}`,
        `Endpoint = ${text(row, "isard_hyper_vpn_host")}:4443`,
        "AllowedIPs = 10.1.0.1/32",
        "PersistentKeepalive = 25",
        "",
    ].join("\n");
    return { kind: "file", name: "isard-vpn", ext: "conf", mime: "text/plain", content };
}
