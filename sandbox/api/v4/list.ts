import { isRow, type Row } from "../../row";
import type { Site } from "../../site";
import { desktopsOf } from "../removal";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isBool: Check = (value) => typeof value === "boolean";
const isInt: Check = (value) => Number.isInteger(value);
const isObject: Check = (value) => isRow(value);
const isTextList: Check = (value) => Array.isArray(value) && value.every(isText);
const isCapabilities: Check = (value) => isRow(value) && isBool(value.hypervisor) && isBool(value.disk_operations);
const isStatus: Check = (value) => ["Online", "Offline", "Error", "Deleting"].includes(value as string);

/** Columns that every row must have. */
const REQUIRED: Record<string, Check> = {
    id: isText,
    hostname: isText,
    port: isText,
    capabilities: isCapabilities,
    status: isStatus,
    user: isText,
    enabled: isBool,
};

/** Columns that may be missing or null, with what is shown then. */
const OPTIONAL: Record<string, [Check, unknown]> = {
    description: [isText, ""],
    only_forced: [isBool, false],
    min_free_mem_gb: [isInt, 0],
    min_free_gpu_mem_gb: [isInt, 0],
    nvidia_enabled: [isBool, false],
    force_get_hyp_info: [isBool, false],
    buffering_hyper: [isBool, false],
    gpu_only: [isBool, false],
    isard_hyper_vpn_host: [isText, null],
    kvm_module: [isText, null],
    nested: [isBool, null],
    detail: [isText, ""],
    uri: [isText, ""],
    info: [isObject, null],
    cap_status: [isObject, null],
    hypervisors_pools: [isTextList, []],
    storage_pools: [isTextList, []],
    enabled_storage_pools: [isTextList, []],
    virt_pools: [isTextList, []],
    enabled_virt_pools: [isTextList, []],
    prev_status: [Array.isArray, null],
    mountpoints: [Array.isArray, null],
    stats: [isObject, null],
    viewer: [isObject, null],
    viewer_status: [isObject, null],
    vpn: [isObject, null],
    orchestrator_managed: [isBool, false],
    boot_progress: [isObject, null],
    degraded: [isObject, null],
    libvirt_warning: [isObject, null],
    icon: [isText, null],
    isard_static_url: [isText, null],
    isard_video_url: [isText, null],
    isard_proxy_hyper_url: [isText, null],
};

/** Columns that may be missing, and yet not null. */
const NEVER_NULL = new Set(["min_free_mem_gb", "description", "only_forced", "storage_pools"]);
/** Columns whose null is shown. */
const KEPT_NULL = new Set(["orchestrator_managed"]);

/** As pydantic reads a number or a flag that is spelled. */
function lax(value: unknown, check: Check): unknown {
    if (typeof value !== "string") return value;
    if (check === isInt && /^\d+$/.test(value)) return Number(value);
    return check === isBool && /^(true|false)$/i.test(value) ? value.toLowerCase() === "true" : value;
}

/** The list as its model allows it; one row that does not fit breaks it for everyone. */
export function listed(site: Site, status?: string): Row[] {
    const rows = site.database.hypervisors.all().filter((row) => status === undefined || row.status === status);
    return rows.map((row) => listedRow(site, row));
}

function listedRow(site: Site, row: Row): Row {
    const shown: Row = {};
    for (const [name, check] of Object.entries(REQUIRED)) {
        if (!check(row[name])) throw new Error(`${name} does not fit`);
        shown[name] = row[name];
    }
    for (const [name, [check, fallback]] of Object.entries(OPTIONAL)) {
        const value = name in row ? lax(row[name], check) : fallback;
        const isNull = value === null || value === undefined;
        if (isNull ? row[name] === null && NEVER_NULL.has(name) : !check(value))
            throw new Error(`${name} does not fit`);
        shown[name] = isNull && !KEPT_NULL.has(name) ? fallback : value;
    }
    const time = row.status_time ?? false;
    if (time !== false && !isInt(time)) throw new Error("status_time does not fit");
    shown.status_time = time === false ? 0 : time;
    shown.desktops_started = desktopsOf(site, row);
    shown.gpus = [];
    shown.physical_gpus = [];
    if (shown.nested === null) delete shown.nested;
    return shown;
}
