import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atMost, median, type Row } from "./row";
import { run } from "./run";
import { link } from "./workspace";

/** What the process of Node's dynamic providers has loaded before it reads the first `__provider`. */
const present = [
    "source-map-support/register",
    "@grpc/grpc-js",
    "@pulumi/pulumi/runtime/rpc",
    "@pulumi/pulumi/runtime",
    "@pulumi/pulumi/proto/plugin_pb",
    "@pulumi/pulumi/proto/provider_grpc_pb",
    "@pulumi/pulumi/proto/provider_pb",
    "@pulumi/pulumi/proto/engine_grpc_pb",
    "@pulumi/pulumi/proto/engine_pb",
    "require-from-string",
];

const late = ["zod", "ssh2", "undici", "rethinkdb-ts", "jose"];

const child = `
const { createRequire } = require("node:module");
const beside = createRequire(require.resolve("@pulumi/pulumi/package.json"));
for (const name of ${JSON.stringify(present)})
    name.startsWith("@pulumi/pulumi/") ? require(name) : beside(name);
const before = new Set(Object.keys(require.cache));
const started = performance.now();
const { hypervisor } = require("pulumi-isardvdi/provider");
const first = performance.now();
const files = Object.keys(require.cache).filter((file) => !before.has(file));
const loaded = ${JSON.stringify(late)}.filter((name) => files.some((file) => file.includes("/node_modules/" + name + "/")));
hypervisor.configure({ config: { get: () => undefined } })
    .then(() => hypervisor.check({}, { hyperId: "h1", hostname: "h1" }))
    .then(() => {
        const checked = performance.now();
        console.log(JSON.stringify({ load: first - started, check: checked - first, modules: files.length, loaded }));
        process.exit(0);
    });
`;

interface Load {
    load: number;
    check: number;
    modules: number;
    loaded: string[];
}

/** Time to load the provider where Pulumi's own modules are loaded already, and what came with it. */
export async function load(): Promise<Row[]> {
    const folder = mkdtempSync(join(tmpdir(), "isardvdi-bench-"));
    try {
        link(folder);
        const loads: Load[] = [];
        for (let turn = 0; turn < 10; turn += 1)
            loads.push(JSON.parse((await run(process.execPath, ["-e", child], { cwd: folder })).stdout) as Load);
        const times = loads.map((each) => each.load);
        const early = new Set(loads.flatMap(({ loaded }) => loaded));
        return [
            atMost(150, {
                what: "provider code loaded before the first call",
                value: median(times),
                unit: " ms",
                digits: 1,
                detail: {
                    lowest: Math.min(...times),
                    highest: Math.max(...times),
                    modules: loads[0]?.modules,
                    firstCheckMs: median(loads.map(({ check }) => check)),
                },
            }),
            atMost(0, {
                what: `of ${late.join(", ")}: loaded with it`,
                value: early.size,
                unit: "",
                detail: { loaded: [...early] },
            }),
        ];
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
