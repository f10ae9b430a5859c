import { certificates } from "../engine/certificates";
import type { VpnMode } from "../options";
import type { Row } from "../row";
import type { Site } from "../site";
import { Failure } from "../web/failure";

export const DEFAULT_POOL = "00000000-0000-0000-0000-000000000000";
const INFRASTRUCTURE_MTU = 1500;
/** What the site would have as DOMAIN in its own settings. */
export const SITE_DOMAIN = "isard.example.test";

/** What a registration says, whichever way it was sent. */
export interface RegistrationFields {
    id: string;
    hostname: string;
    user: string;
    port: string;
    disk: boolean;
    hypervisor: boolean;
    browserPort: string;
    spicePort: string;
    staticUrl: string | null;
    videoUrl: string | null;
    vpnHost: string | null;
    proxyHyperUrl: string;
    description: string;
    storagePools: string | null;
    virtPools: string | null;
    /** Fields that go into the row as they are. */
    plain: Row;
}

/** The row that a registration writes over whatever stood there: every field not sent goes back to its default. */
export function registeredRow(fields: RegistrationFields): Row {
    const storagePools = pools(fields.storagePools) ?? [DEFAULT_POOL];
    const virtPools = pools(fields.virtPools) ?? storagePools;
    return {
        id: fields.id,
        hostname: fields.hostname,
        user: fields.user,
        port: fields.port,
        description: fields.description,
        capabilities: { disk_operations: fields.disk, hypervisor: fields.hypervisor },
        enabled: false,
        status: "Offline",
        status_time: false,
        detail: "",
        uri: "",
        info: {},
        hypervisors_pools: ["default"],
        storage_pools: storagePools,
        enabled_storage_pools: storagePools,
        virt_pools: virtPools,
        enabled_virt_pools: virtPools,
        isard_hyper_vpn_host: fields.vpnHost ?? SITE_DOMAIN,
        viewer: {
            static: fields.staticUrl ?? SITE_DOMAIN,
            proxy_video: fields.videoUrl ?? SITE_DOMAIN,
            spice_ext_port: fields.spicePort,
            html5_ext_port: fields.browserPort,
            proxy_hyper_host: fields.proxyHyperUrl,
        },
        ...fields.plain,
    };
}

export function tunnelling(mode: VpnMode): Row {
    const overhead = mode === "geneve" ? 54 : 114;
    return {
        tunneling_mode: mode,
        infrastructure_mtu: INFRASTRUCTURE_MTU,
        guest_mtu: Math.min(9000, Math.max(1280, INFRASTRUCTURE_MTU - overhead)),
    };
}

export function registrationAnswer(site: Site): Row {
    if (!site.ssh.hasKeyFile) throw new Failure("internal_server", "Unable to get certificates");
    return { certs: certificates(site.ssh.key), vpn: tunnelling(site.settings.vpnMode) };
}

function pools(list: string | null): string[] | undefined {
    return list ? list.split(",") : undefined;
}
