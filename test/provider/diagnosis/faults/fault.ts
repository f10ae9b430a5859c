import type { HypervisorRecord } from "../../../../provider/isardvdi/api";
import type { Site } from "../world";

/** What is done to a healthy site, and what has to be named. */
export interface Fault {
    name: string;
    /** Step and cause. */
    expect: `${string}/${string}`;
    isFinal?: true;
    make: (site: Site) => Partial<Omit<Site, "record">> & { record?: Partial<HypervisorRecord> | undefined };
    without?: "server" | "host" | "both";
}

/** A record that the engine gets no libvirt of. */
export const down: Partial<HypervisorRecord> = { status: "Error", detail: "Cannot connect to libvirt" };
export const refused = { dial: "bash: connect: Connection refused\n code 1" };
