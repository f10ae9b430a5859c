/** Keys whose values may be shown: none of them is a credential. */
export const publicKeys: readonly string[] =
    `FLAVOUR USAGE DOMAIN API_DOMAIN STATIC_DOMAIN VPN_DOMAIN VIDEO_DOMAIN STORAGE_DOMAIN HYPER_ID HYPER_ENABLED
    CAPABILITIES_HYPER CAPABILITIES_DISK CAPABILITIES_STORAGE_POOLS CAPABILITIES_VIRT_POOLS ONLY_FORCED_HYP
    BUFFERING_HYPER GPU_ONLY GPU_ONLY_MEM HYPER_FREEMEM REDIS_HOST REDIS_PORT VIEWER_SPICE VIEWER_BROWSER
    VIDEO_HYPERVISOR_HOSTNAMES VIDEO_HYPERVISOR_PORTS WG_MAIN_NET WG_USERS_NET WG_HYPERS_NET WG_GUESTS_NETS
    WG_USERS_PORT WG_HYPERS_PORT GENEVE_ONLY_INFRA INFRASTRUCTURE_MTU VPN_MTU DOCKER_NET INFRASTRUCTURE_HOST_IP
    HYPERVISOR_HOST_TRUNK_INTERFACE HYPERVISOR_STATIC_VLANS STATS_RETHINKDB_HOST BLACKLIST_IPTABLES
    WHITELIST_IPTABLES HTTP_PORT HTTPS_PORT ACME_SERVER FORBID_DOMAIN_IP PROXY_PROTOCOL LOG_LEVEL
    DOCKER_IMAGE_PREFIX DOCKER_IMAGE_TAG ENABLE_STATS INFRASTRUCTURE_MANAGEMENT BASTION_ENABLED`.split(/\s+/);
const shown = new Set(publicKeys);

/** Too short and too common to tell anything. */
export const harmlessPattern = "^(true|false|[0-9]?[0-9]?[0-9]?[0-9]?[0-9]?)$";
export const secretivePattern = "SECRET|PASS|PWD|TOKEN|KEY|PRIVATE|CREDENTIAL|AUTH";
const [harmless, secretive] = [new RegExp(harmlessPattern), new RegExp(secretivePattern)];

/** What may stand in preview, in a log and in plain state: anything not known to be public is masked. */
export function isPublic(key: string, value: string): boolean {
    return shown.has(key) || (harmless.test(value) && !secretive.test(key));
}

export const shownLine = (key: string, value: string): string => `${key}=${isPublic(key, value) ? value : "[secret]"}`;
