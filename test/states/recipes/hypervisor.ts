import { until } from "../../e2e/harness/site";
import { type Recipe, single } from "../recipe";
import type { World } from "../worlds";
import type { SitesSpec } from "../worlds/world";

const generations = ["v3", "v4"] as const;
type Generation = (typeof generations)[number];

const site = (generation: Generation): SitesSpec => ({
    kind: "sites",
    generation,
    sites: { "": ["h1", "h2"] },
    machines: false,
    vpnMode: "wireguard+geneve",
});

const own = ({ sandboxes }: World) => {
    const sandbox = sandboxes[""];
    if (!sandbox) throw new Error("the world has no site of its own");
    return sandbox;
};

/** The container of another host has registered itself under the id that the program will give to h1. */
async function registeredElsewhere(world: World): Promise<void> {
    const sandbox = own(world);
    const { container } = sandbox.host("h2");
    container.start({ HYPER_ID: "h1" });
    await until("h1 is Online", () => sandbox.hypervisors.get("h1")?.["status"] === "Online");
    await settled(world);
    container.halt();
}

/** Until the site's services have written what they write of a new hypervisor. */
export async function settled({ sandboxes }: World): Promise<void> {
    for (const { hypervisors, generation } of Object.values(sandboxes))
        for (const { id } of hypervisors.all())
            await until(`${String(id)} is settled`, () => {
                const row = hypervisors.get(String(id)) ?? {};
                const {
                    tunnel_status: tunnel,
                    wireguard,
                    tunneling_mode: mode,
                } = (row["vpn"] ?? {}) as Record<string, unknown>;
                const hasTunnel =
                    (mode === "geneve" || wireguard !== undefined) && (generation === "v3" || tunnel === "connected");
                return hasTunnel && (row["status"] !== "Online" || row["degraded"] !== undefined);
            });
}

const shapes: Record<string, [args: object, on: readonly Generation[], more?: Partial<Recipe>]> = {
    api: [{ minFreeMemGb: 8, onlyForced: true }, generations],
    self: [
        { registration: "self", description: "deployed" },
        generations,
        { meanwhile: (world) => own(world).host("h1").container.start() },
    ],
    adopted: [{ adopt: true }, generations, { prepare: registeredElsewhere, leaves: true }],
    disabled: [{ enabled: false }, generations],
    // v3 has no endpoint for them, and the provider refuses them there
    vlans: [{ vlans: [10, 20] }, ["v4"], { leaves: true }],
    // the site writes the row and then finds no key to answer with; without the tunnel's service the row stays as it is
    "half-created": [
        {},
        generations,
        {
            isUnfinished: true,
            prepare: (world) => {
                own(world).engine.keyFile(false);
                own(world).vpn.stop();
                return Promise.resolve();
            },
        },
    ],
    "not-online": [
        { awaitOnline: { timeoutSeconds: 5 } },
        generations,
        {
            isUnfinished: true,
            prepare: (world) => {
                own(world).host("h1").stopLibvirt();
                own(world).vpn.stop();
                return Promise.resolve();
            },
        },
    ],
};

export const hypervisors: Recipe[] = Object.entries(shapes).flatMap(([shape, [args, on, more]]) =>
    on.map((generation) =>
        single(
            `hypervisor-${generation}-${shape}`,
            site(generation),
            ["Hypervisor", "h1", { hostname: "h1", kvmModule: "intel", ...args }],
            [{ description: "another one" }, '"description":"another one"'],
            more,
        ),
    ),
);
