import type { Values } from "../../contract/harness/rpc";
import { type Recipe, resource, single } from "../recipe";
import type { SitesSpec } from "../worlds/world";

const server: SitesSpec = {
    kind: "sites",
    generation: "v4",
    sites: { "": ["h1", "h2"] },
    machines: true,
    vpnMode: "wireguard+geneve",
};
const settings = { SESSIONS_EXPIRATION: "10m", REDIS_PASSWORD: "hunter-22 $x" };
const keys = { connection: "server", settings, recreate: ["isard-sessions"] };
const list = { connection: "server", hypervisorHostnames: ["h1"] };
const other: [Values, string] = [{ hypervisorHostnames: ["h2"] }, "VIDEO_HYPERVISOR_HOSTNAMES=[\\w.,]*h2"];

/** The keys that another stack has added to the list stay in it. */
const shared = resource("VideoProxyConfig", "theirs", {
    ...list,
    hypervisorHostnames: ["h1.example.test"],
    mode: "additive",
});
const added = single(
    "video-proxy-config-additive",
    server,
    ["VideoProxyConfig", "video", { ...list, mode: "additive" }],
    other,
);

export const servers: Recipe[] = [
    single(
        "server-config",
        server,
        ["ServerConfig", "settings", keys],
        [{ settings: { ...settings, SESSIONS_EXPIRATION: "20m" } }, "SESSIONS_EXPIRATION=20m"],
    ),
    single(
        "server-config-not-applied",
        server,
        ["ServerConfig", "settings", { ...keys, apply: false }],
        [{ settings: { ...settings, SESSIONS_EXPIRATION: "20m" } }, "SESSIONS_EXPIRATION=20m"],
    ),
    single(
        "video-proxy-config-authoritative",
        server,
        ["VideoProxyConfig", "video", { ...list, ports: "5900-6000" }],
        other,
    ),
    {
        ...added,
        program: together(added.program),
        changed: { ...added.changed, program: together(added.changed.program) },
    },
];

function together(program: Recipe["program"]): Recipe["program"] {
    return "text" in program ? program : { resources: [shared, ...program.resources] };
}
