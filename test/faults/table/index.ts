import type { Fault } from "../fault";
import { api } from "./api";
import { engine, key, kvm, libvirt } from "./engine";
import { ovs, vpn } from "./network";
import { environment, record, registration } from "./record";
import { forwards, ssh } from "./way-in";

export { combined } from "./combined";

export const faults: readonly Fault[] = [
    ...api,
    ...record,
    ...environment,
    ...forwards,
    ...ssh,
    ...registration,
    ...vpn,
    ...ovs,
    ...key,
    ...libvirt,
    ...kvm,
    ...engine,
];
