import { Forwards } from "./forwards";
import { Sites } from "./sites";
import type { World, WorldSpec } from "./world";

export const startWorld = (spec: WorldSpec): Promise<World> =>
    spec.kind === "sites" ? Sites.start(spec) : Forwards.start(spec);

export type { World, WorldSpec } from "./world";
