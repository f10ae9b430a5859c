import * as pulumi from "@pulumi/pulumi";
import type { RequiredForward } from "../required-forwards";
import type { Ground } from "./parts";

/** One port that a site has opened, and why. */
export interface Opened extends RequiredForward {
    /** `server`, or the id of a hypervisor. */
    on: string;
    /** Who may use it; everyone where it is absent. */
    sourceCidrs?: string[];
}

/** All that a site opens. */
export function openedBy({ plan, args, serverAddresses }: Ground): pulumi.Output<Opened[]> {
    return pulumi
        .all([args.server?.sourceCidrs ?? [], serverAddresses ?? []])
        .apply(([anyone, server]) => [
            ...plan.server.map((forward) => ({ on: "server", ...forward, ...narrowed(anyone) })),
            ...Object.entries(plan.hosts).flatMap(([on, forwards]) =>
                forwards.map((forward) => ({ on, ...forward, ...narrowed(server) })),
            ),
        ]);
}

const narrowed = (sourceCidrs: string[]): { sourceCidrs?: string[] } => (sourceCidrs.length > 0 ? { sourceCidrs } : {});
