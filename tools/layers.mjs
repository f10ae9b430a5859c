import { relative } from "node:path";

/** From the ground up: a file imports from its own layer and from those below it. */
export const layers = [
    [
        "provider/errors.ts",
        "provider/as-error.ts",
        "provider/printable.ts",
        "provider/hostname.ts",
        "provider/is-object.ts",
        "provider/public-key.ts",
        "provider/ssh-config",
        "provider/world.ts",
        "provider/concurrency",
        "provider/wait",
        "provider/connection.ts",
        "provider/configuration.ts",
        "provider/configuration-keys.ts",
        "provider/configuration-mistakes.ts",
        "provider/configuration-objects.ts",
        "provider/configuration-transport.ts",
        "provider/resource.ts",
        "provider/property",
    ],
    ["provider/remote", "provider/isardvdi", "provider/sites.ts"],
    ["provider/firewall", "provider/isardvdi-cfg", "provider/verification", "provider/diagnosis"],
    ["provider/hypervisor", "provider/port-forward", "provider/server-config", "provider/video-proxy-config"],
    ["provider/front", "provider/index.ts", "sdk", "cli"],
    ["sandbox"],
    ["test", "bench", "tools", "examples"],
];

/** What still imports from above, to be emptied by the redesign; nothing is added to it. */
export const exceptions = {
    "provider/configuration.ts": ["provider/isardvdi/api.ts"],
    "provider/configuration-objects.ts": ["provider/isardvdi/api.ts"],
    "provider/resource.ts": ["provider/remote/remote.ts", "provider/sites.ts"],
};

const name = "import-x/no-restricted-paths";
const message = "It belongs to a layer above this one (tools/layers.mjs).";

/** The rule's options: no import from a layer above, save for what is allowed. */
export const noUpward = (basePath, allowed = []) => ({
    [name]: [
        "error",
        {
            basePath,
            zones: layers.flatMap((target, level) =>
                layers
                    .slice(level + 1)
                    .flat()
                    .filter((from) => !allowed.includes(from))
                    .map((from) => ({
                        target,
                        from,
                        except: allowed
                            .filter((path) => path.startsWith(`${from}/`))
                            .map((path) => relative(from, path)),
                        message,
                    })),
            ),
        },
    ],
});

/** Every file under the rule, and the exceptions each under its own. */
export const layering = (basePath) => [
    { rules: noUpward(basePath) },
    ...Object.entries(exceptions).map(([file, allowed]) => ({ files: [file], rules: noUpward(basePath, allowed) })),
];
