import { Forwards } from "./forwards";
import { Host } from "./host";
import { Sites } from "./sites";
import type { World, WorldSpec } from "./world";

export function startWorld(spec: WorldSpec): Promise<World> {
    if (spec.kind === "host") return Host.start();
    return spec.kind === "sites" ? Sites.start(spec) : Forwards.start(spec);
}

export type { World, WorldSpec } from "./world";
