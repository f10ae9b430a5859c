import type { Zod } from "../../resource";

export const port = (z: Zod) => z.int().min(1).max(65535);
