import { inside } from "./inside";
import { way } from "./way";

export type { Fault } from "./fault";
export const faults = [...way, ...inside];
