import { api } from "./api";
import { engine, key, kvm, libvirt } from "./engine";
import { certificates, clock } from "./environment";
import { ovs, vpn } from "./network";
import { record, registration, resolution } from "./record";
import type { Step } from "./step";
import { forwards, ssh } from "./way-in";

export type { Cause, Step } from "./step";

/** The way from a new machine to Online: a step needs those above it, so the first that fails is the one to mend. */
export const steps: readonly Step[] = [
    api,
    record,
    clock,
    certificates,
    resolution,
    forwards,
    ssh,
    registration,
    key,
    libvirt,
    kvm,
    engine,
    // no condition of Online, and yet of a desktop's network
    vpn,
    ovs,
];
