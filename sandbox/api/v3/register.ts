import type { Row } from "../../row";
import type { Site } from "../../site";
import { formFields, json, type Answer, type ApiRequest } from "../../web/exchange";
import { Failure } from "../../web/failure";
import { atLeast } from "../release";
import { registeredRow, registrationAnswer, tunnelling, type RegistrationFields } from "../registration";
import { Form } from "./form";

const KEYSCAN_TIMEOUT = 3_000;
const NESTED = ["nvidia_gpus", "hugepages_info", "pci_devices", "numa_topology"];

export async function register(site: Site, request: ApiRequest): Promise<Answer> {
    const form = new Form(await formFields(request), "Hypervisor add bad data");
    const fields = fieldsOf(form);
    checkSchema(fields);
    await learnHostKey(site, fields);
    const { release, vpnMode } = site.settings;
    const hasModes = atLeast(release, 14, 114);
    const table = site.database.hypervisors;
    const wasEnabled = table.get(fields.id)?.enabled === true;
    const vpn: Row = hasModes ? { vpn: tunnelling(vpnMode) } : {};
    table.upsert(fields.id, { ...registeredRow(fields), ...vpn });
    // releases up to v16.2 switched on again what had been on
    if (wasEnabled && !atLeast(release, 16, 3)) table.update(fields.id, { enabled: true });
    const { certs, vpn: mode } = registrationAnswer(site);
    return json(hasModes ? { certs, vpn: mode } : { certs });
}

async function learnHostKey(site: Site, { hostname, port }: RegistrationFields): Promise<void> {
    if (await site.ssh.keyscan(hostname, port)) return;
    if (site.world.resolve(hostname)) await site.clock.sleep(KEYSCAN_TIMEOUT);
    throw new Failure("not_found", "Unable to ssh-keyscan");
}

function checkSchema({ description }: RegistrationFields): void {
    if (description.length <= 255) return;
    throw new Failure("bad_request", "Data validation for hypervisors failed: {'description': ['max length is 255']}");
}

function fieldsOf(form: Form): RegistrationFields {
    return {
        id: form.required("hyper_id"),
        hostname: form.required("hostname"),
        user: form.text("user", "root"),
        port: form.text("port", "2022"),
        disk: form.bool("cap_disk", true),
        hypervisor: form.bool("cap_hyper", true),
        browserPort: form.text("browser_port", "443"),
        spicePort: form.text("spice_port", "80"),
        staticUrl: form.optional("isard_static_url"),
        videoUrl: form.optional("isard_video_url"),
        vpnHost: form.optional("isard_hyper_vpn_host"),
        proxyHyperUrl: form.text("isard_proxy_hyper_url", "isard-hypervisor"),
        description: form.text("description", "Added via api"),
        storagePools: form.optional("storage_pools"),
        virtPools: form.optional("virt_pools"),
        plain: {
            only_forced: form.bool("only_forced", false),
            buffering_hyper: form.bool("buffering_hyper", false),
            force_get_hyp_info: form.bool("force_get_hyp_info", false),
            gpu_only: form.isTrue("gpu_only"),
            nvidia_enabled: form.isTrue("nvidia_enabled"),
            min_free_mem_gb: form.int("min_free_mem_gb", 0),
            ...form.nested(NESTED),
        },
    };
}
