import { reference } from "../../../sdk/reference";
import type { Sandbox } from "../../../sandbox";
import type { Values } from "./rpc";

/** A hypervisor's inputs as the SDK class sends them. */
export const inputs = (name: string, more: Values = {}): Values => ({
    __provider: reference("hypervisor"),
    __urn: `urn:pulumi:dev::contract::pulumi-nodejs:dynamic/isardvdi:Hypervisor::${name}`,
    hyperId: name,
    hostname: name,
    kvmModule: "intel",
    ...more,
});

/** Stack configuration that leads to a sandbox. */
export const configOf = (sandbox: Sandbox): Record<string, string> => ({
    "isardvdi:apiUrl": sandbox.apiUrl,
    "isardvdi:apiSecret": sandbox.apiSecret,
});

/** The API calls that change something, as "METHOD path" without the generation's prefixes. */
export function writes(sandbox: Sandbox): string[] {
    return sandbox.requests
        .filter(
            ({ method, path }) =>
                method !== "GET" &&
                !path.endsWith("/admin/table/hypervisors") &&
                !path.endsWith("/admin/table/interfaces"),
        )
        .map(({ method, path }) => `${method} ${path.replace(/^\/api\/v\d\//, "")}`);
}

export async function until(condition: () => boolean, ms = 5000): Promise<void> {
    const end = Date.now() + ms;
    while (!condition()) {
        if (Date.now() > end) throw new Error(`not so within ${ms} ms: ${condition.toString()}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
