import type { Row } from "../../row";
import type { Site } from "../../site";
import { json, type Answer, type ApiRequest } from "../../web/exchange";
import { Failure } from "../../web/failure";
import { leadsToItself } from "../../world/world";
import { registeredRow, registrationAnswer, tunnelling, type RegistrationFields } from "../registration";
import { bool, int, listOf, object, orNull, readBody, string, type Model } from "./validation";

const KEYSCAN_TIMEOUT = 3_000;

const MODEL: Model = {
    hyper_id: { kind: string },
    hostname: { kind: string },
    user: { kind: string, fallback: "root" },
    port: { kind: string, fallback: "2022" },
    cap_disk: { kind: bool, fallback: true },
    cap_hyper: { kind: bool, fallback: true },
    enabled: { kind: bool, fallback: false },
    browser_port: { kind: string, fallback: "443" },
    spice_port: { kind: string, fallback: "80" },
    isard_static_url: { kind: orNull(string), fallback: null },
    isard_video_url: { kind: orNull(string), fallback: null },
    isard_hyper_vpn_host: { kind: orNull(string), fallback: null },
    isard_proxy_hyper_url: { kind: string, fallback: "isard-hypervisor" },
    description: { kind: string, fallback: "Added via api" },
    only_forced: { kind: bool, fallback: false },
    buffering_hyper: { kind: bool, fallback: false },
    gpu_only: { kind: bool, fallback: false },
    nvidia_enabled: { kind: bool, fallback: false },
    force_get_hyp_info: { kind: bool, fallback: false },
    nvidia_gpus: { kind: orNull(listOf(object)), fallback: null },
    min_free_mem_gb: { kind: int, fallback: 0 },
    min_free_gpu_mem_gb: { kind: int, fallback: 0 },
    storage_pools: { kind: orNull(string), fallback: null },
    virt_pools: { kind: orNull(string), fallback: null },
    kvm_module: { kind: orNull(string), fallback: null },
    nested: { kind: orNull(bool), fallback: null },
    hugepages_info: { kind: orNull(object), fallback: null },
    pci_devices: { kind: orNull(object), fallback: null },
};

const KEPT = [
    "only_forced",
    "buffering_hyper",
    "gpu_only",
    "nvidia_enabled",
    "force_get_hyp_info",
    "min_free_mem_gb",
    "min_free_gpu_mem_gb",
    "kvm_module",
    "nested",
];

export async function register(site: Site, request: ApiRequest): Promise<Answer> {
    const body = readBody(request, MODEL);
    const fields = fieldsOf(body);
    const table = site.database.hypervisors;
    // a registration that fails below leaves a row that was there as it is, but disabled
    table.update(fields.id, { enabled: false });
    await learnHostKey(site, fields.hostname, fields.port);
    table.upsert(fields.id, registeredRow(fields));
    table.update(fields.id, { vpn: tunnelling(site.settings.vpnMode) });
    const gpus = body.nvidia_gpus === null ? {} : { gpu_targets: [] };
    return json({ ...registrationAnswer(site), ...gpus });
}

async function learnHostKey(site: Site, hostname: string, port: string): Promise<void> {
    if (leadsToItself(hostname))
        throw new Failure("bad_request", `Hostname ${hostname} resolves to loopback/link-local`);
    if (!site.world.resolve(hostname)) throw new Failure("bad_request", `DNS resolution failed for ${hostname}`);
    if (await site.ssh.keyscan(hostname, port)) return;
    // it waits only for one that says nothing
    if (!(await site.ssh.refuses(hostname, port))) await site.clock.sleep(KEYSCAN_TIMEOUT);
    throw new Failure("not_found", "Unable to ssh-keyscan");
}

function fieldsOf(body: Row): RegistrationFields {
    const plain: Row = Object.fromEntries(KEPT.map((name) => [name, body[name]]));
    for (const name of ["nvidia_gpus", "hugepages_info", "pci_devices"])
        if (body[name] !== null) plain[name] = body[name];
    return {
        id: body.hyper_id as string,
        hostname: body.hostname as string,
        user: body.user as string,
        port: body.port as string,
        disk: body.cap_disk as boolean,
        hypervisor: body.cap_hyper as boolean,
        browserPort: body.browser_port as string,
        spicePort: body.spice_port as string,
        staticUrl: body.isard_static_url as string | null,
        videoUrl: body.isard_video_url as string | null,
        vpnHost: body.isard_hyper_vpn_host as string | null,
        proxyHyperUrl: body.isard_proxy_hyper_url as string,
        description: body.description as string,
        storagePools: body.storage_pools as string | null,
        virtPools: body.virt_pools as string | null,
        plain,
    };
}
