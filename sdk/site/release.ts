import type { Configuration } from "../../provider/configuration";
import type { Deployment } from "../required-forwards";
import type { SiteArgs } from "./args";

/** The table of forwards that a site's release needs; undefined where nothing says which. */
export function releaseOf(
    { release, site }: SiteArgs,
    configuration: Configuration,
): Deployment["release"] | undefined {
    if (release) return release;
    const { apiGeneration } = configuration.site(site);
    return apiGeneration === "auto" ? undefined : apiGeneration;
}
