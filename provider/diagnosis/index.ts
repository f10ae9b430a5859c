import type { World } from "../world";
import { gather, type Means } from "./gather";
import { type Diagnosis, judge } from "./judge";

export type { Means, Place } from "./gather";
export type { Subject } from "./facts";
export type { Diagnosis, Finding } from "./judge";
export { foresee } from "./foresee";
export { render } from "./render";

/** Why a hypervisor is not Online: looks at every step of the way there, in 20 seconds at most, and changes nothing. */
export async function diagnose(means: Means, world: World): Promise<Diagnosis> {
    return judge(await gather(means, world));
}
