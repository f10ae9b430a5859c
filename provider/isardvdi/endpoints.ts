import type { Generation } from "./api";

export interface Endpoint {
    method: "GET" | "POST" | "PUT" | "DELETE";
    path: (id: string) => string;
    /** True when sending it twice does what sending it once does. */
    repeatable: boolean;
    /** What is being done, as the error message says it. */
    action: string;
    timeoutMs?: number;
    /** It answers a word, and no JSON. */
    isPlain?: true;
}

export type Purpose =
    | "list"
    | "row"
    | "orchestrator"
    | "register"
    | "enable"
    | "change"
    | "virtPool"
    | "delete"
    | "interfaces"
    | "vlans"
    | "engine";

type Rows = Record<Purpose, Endpoint | undefined>;

const id = encodeURIComponent;
const deleteTimeoutMs = 60_000;

/** Beside both generations of the API. Not repeated: an engine that does not answer is an answer. */
const engine: Endpoint = {
    method: "GET",
    path: () => "/engine/status",
    repeatable: false,
    action: "ask for the engine of",
    timeoutMs: 5000,
    isPlain: true,
};

const v4: Rows = {
    list: { method: "GET", path: () => "/api/v4/admin/items/hypervisors", repeatable: true, action: "list" },
    row: {
        method: "GET",
        path: (of) => `/api/v4/admin/items/table/hypervisors?id=${id(of)}`,
        repeatable: true,
        action: "read",
    },
    orchestrator: {
        method: "GET",
        path: (of) => `/api/v4/admin/item/orchestrator/hypervisor/${id(of)}`,
        repeatable: true,
        action: "read",
    },
    register: { method: "POST", path: () => "/api/v4/admin/item/hypervisor", repeatable: false, action: "register" },
    enable: {
        method: "PUT",
        path: (of) => `/api/v4/admin/item/hypervisor/${id(of)}`,
        repeatable: true,
        action: "enable or disable",
    },
    change: {
        method: "PUT",
        path: () => "/api/v4/admin/item/table/update/hypervisors",
        repeatable: true,
        action: "update",
    },
    virtPool: {
        method: "PUT",
        path: (of) => `/api/v4/admin/items/hypervisor/${id(of)}/virt_pools`,
        repeatable: true,
        action: "update",
    },
    delete: {
        method: "DELETE",
        path: (of) => `/api/v4/admin/item/hypervisor/${id(of)}`,
        repeatable: true,
        action: "delete",
        timeoutMs: deleteTimeoutMs,
    },
    interfaces: {
        method: "GET",
        path: () => "/api/v4/admin/items/table/interfaces",
        repeatable: true,
        action: "read the VLANs of",
    },
    vlans: {
        method: "POST",
        path: () => "/api/v4/admin/items/vlans",
        repeatable: true,
        action: "register the VLANs of",
    },
    engine,
};

const v3: Rows = {
    list: { method: "GET", path: () => "/api/v3/hypervisors", repeatable: true, action: "list" },
    row: { method: "POST", path: () => "/api/v3/admin/table/hypervisors", repeatable: true, action: "read" },
    orchestrator: {
        method: "GET",
        path: (of) => `/api/v3/orchestrator/hypervisor/${id(of)}`,
        repeatable: true,
        action: "read",
    },
    register: { method: "POST", path: () => "/api/v3/hypervisor", repeatable: false, action: "register" },
    enable: {
        method: "PUT",
        path: (of) => `/api/v3/hypervisor/${id(of)}`,
        repeatable: true,
        action: "enable or disable",
    },
    change: { method: "PUT", path: () => "/api/v3/admin/table/update/hypervisors", repeatable: true, action: "update" },
    virtPool: {
        method: "PUT",
        path: (of) => `/api/v3/hypervisor/${id(of)}/virt_pools`,
        repeatable: true,
        action: "update",
    },
    delete: {
        method: "DELETE",
        path: (of) => `/api/v3/hypervisor/${id(of)}`,
        repeatable: true,
        action: "delete",
        timeoutMs: deleteTimeoutMs,
    },
    interfaces: {
        method: "POST",
        path: () => "/api/v3/admin/table/interfaces",
        repeatable: true,
        action: "read the VLANs of",
    },
    vlans: undefined,
    engine,
};

/** Where each purpose is served, per generation; a missing row means that the generation has none. */
export const endpoints: Record<Generation, Rows> = { v3, v4 };
