import type { Property } from "../resource";

/** By which request a difference in a property is sent; what has none needs no request of its own. */
export type Way = "register" | "bounce" | "patch" | "pools" | "vlans";

/** A row of the hypervisor's table. */
export interface HypervisorProperty extends Property {
    via?: Way;
}

/** Each way as the reference page tells it. */
export const requests: Readonly<Record<Way, string>> = {
    register: "PUT disable, POST (registers again), PUT enable",
    // the engine's worker reads it only at its start
    bounce: "PUT disable, table update, PUT enable",
    patch: "table update",
    pools: "table update, PUT virt_pools for each pool",
    vlans: "POST vlans",
};
