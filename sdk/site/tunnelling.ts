import type { SitePlan } from "./plan";

/** What makes a server tunnel in a mode: the key, and the services of either generation that read it. */
export const tunnelling = (mode: SitePlan["mode"]): { settings: Record<string, string>; recreate: string[] } => ({
    settings: { GENEVE_ONLY_INFRA: String(mode === "geneve") },
    recreate: ["isard-api", "isard-apiv4", "isard-vpn"],
});
