import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ContainerCfg } from "../../../sandbox/container/cfg";
import { until } from "../../e2e/harness/site";
import type { Recipe } from "../recipe";
import type { World } from "../worlds";
import type { SitesSpec } from "../worlds/world";

const folder = resolve(__dirname, "../../../examples");

/** The server as its hosts see it, for a sandbox's own is reached over loopback. */
const server = "10.77.100.1";

const machines = (hosts: Record<string, string[]>, more: Partial<SitesSpec> = {}): SitesSpec => ({
    kind: "sites",
    generation: "v4",
    sites: hosts,
    machines: true,
    vpnMode: "wireguard+geneve",
    ...more,
});
const own = machines({ "": ["h1", "h2", "h3"] });

/** The hosts' containers register themselves; the cfg of each says as what. */
const registering =
    (hosts: Record<string, Cfg>, site = "") =>
    (world: World): void => {
        for (const [name, cfg] of Object.entries(hosts)) world.sandboxes[site]?.host(name).container.start(cfg);
    };

type Cfg = Partial<ContainerCfg>;

interface Example {
    world: SitesSpec;
    config?: Record<string, string>;
    /** What a test world needs otherwise. */
    replaced?: Record<string, string>;
    /** One text of the program and another one, and what the world then has. */
    change: [text: string, other: string, shows: string];
    prepare?: Recipe["prepare"];
    meanwhile?: Recipe["meanwhile"];
    leaves?: boolean;
}

const described = (text: string): Example["change"] => [
    text,
    `${text.replace(/ }$/, ",")} description: "another one"${text.endsWith(" }") ? " }" : ","}`,
    '"description":"another one"',
];

/** examples/fleet has no program of its own: it runs those of the others. */
const examples: Record<string, Example> = {
    adopt: {
        world: own,
        prepare: builtByHand,
        leaves: true,
        change: described('hostname: "h1",'),
    },
    "forwards-only": {
        world: own,
        change: [
            "{ connection: host, ...rule }",
            '{ connection: host, ...rule, sourceCidrs: ["10.77.0.0/16"] }',
            "-s 10.77.0.0/16",
        ],
    },
    "geneve-datacenter": {
        world: machines({ "": ["h1", "h2"] }, { vpnMode: "geneve" }),
        config: { "isardvdi:apiGeneration": "v4" },
        replaced: { 'connection: "server",': `connection: "server", addresses: ["${server}"],` },
        meanwhile: registering({ h1: {}, h2: {} }),
        change: ["minFreeMemGb: 16", "minFreeMemGb: 32", '"min_free_mem_gb":32'],
    },
    "multi-site": {
        world: machines({ bcn: ["h1"], mad: ["h1"] }),
        replaced: {
            "connection: `${name}-server` }": `connection: \`\${name}-server\`, addresses: ["${server}"] }`,
        },
        meanwhile: (world) => {
            for (const site of ["bcn", "mad"]) registering({ h1: { HYPER_ID: `${site}-h1` } }, site)(world);
        },
        change: described("connection: id, hostname }"),
    },
    quickstart: {
        world: own,
        change: described("hostname: name,"),
    },
    rebuild: {
        world: own,
        config: {
            "isardvdi:apiGeneration": "v4",
            "isardvdi:server": "server",
            "e2e:release": "v17.17.6",
            "e2e:hosts": JSON.stringify({
                h1: { hostname: "h1", connection: "h1", kvmModule: "intel", installed: 1 },
                h2: {
                    hostname: "h2",
                    connection: "h2",
                    kvmModule: "intel",
                    installed: 1,
                    flavour: "hypervisor-standalone",
                },
            }),
        },
        replaced: {
            'server: { connection: "server" }': `server: { connection: "server", addresses: ["${server}"] }`,
        },
        change: described("timeoutSeconds: 3600 },"),
    },
    "self-registration": {
        world: machines({ "": ["h1", "h2"] }, { machines: false }),
        meanwhile: registering({ h1: {}, h2: {} }),
        change: ["minFreeMemGb: 8", "minFreeMemGb: 9", '"min_free_mem_gb":9'],
    },
    "single-standalone": {
        world: own,
        config: {
            "isardvdi:apiGeneration": "v4",
            "isardvdi:server": "server",
            "e2e:serverAddresses": JSON.stringify([server]),
        },
        meanwhile: registering({ h1: { FLAVOUR: "hypervisor-standalone" } }),
        change: described('hostname: "h1",'),
    },
    "remote-site": {
        world: own,
        config: { "isardvdi:apiGeneration": "v4", "isardvdi:server": "server" },
        // what the stack of examples/single-standalone tells
        replaced: {
            'const central = new pulumi.StackReference(new pulumi.Config().require("central"));': "",
            'central.requireOutput("serverAddresses") as pulumi.Output<string[]>': `["${server}"]`,
        },
        meanwhile: registering({ h2: { FLAVOUR: "hypervisor-standalone" } }),
        change: described('hostname: "h2",'),
    },
};

export const exampleRecipes: Recipe[] = Object.entries(examples).map(
    ([
        name,
        {
            world,
            config = {},
            replaced = {},
            change: [text, other, shows],
            ...more
        },
    ]) => {
        const program = put(readFileSync(resolve(folder, name, "index.ts"), "utf8"), name, replaced);
        return {
            name: `example-${name}`,
            world,
            stack: "dev",
            config,
            program: { text: program },
            changed: { program: { text: put(program, name, { [text]: other }) }, shows },
            isUnfinished: false,
            ...more,
        };
    },
);

function put(program: string, name: string, replaced: Record<string, string>): string {
    return Object.entries(replaced).reduce((done, [text, other]) => {
        if (!done.includes(text)) throw new Error(`examples/${name} has no ${JSON.stringify(text)} any more`);
        return done.replace(text, () => other);
    }, program);
}

/** The site that `pulumi-isardvdi adopt` has read into the example. */
async function builtByHand(world: World): Promise<void> {
    const sandbox = world.sandboxes[""];
    if (!sandbox) throw new Error("the world has no site of its own");
    const forward = (ports: string): string =>
        `iptables -t nat -A PREROUTING -p tcp --dport ${ports} -j DNAT --to-destination 172.31.255.17 &&
        iptables -I DOCKER-USER -p tcp -d 172.31.255.17 --dport ${ports} -j ACCEPT`;
    for (const name of ["h1", "h2", "h3"]) await world.run(name, forward("2022"));
    await world.run("h2", forward("5900:7899"));
    await world.run(
        "server",
        `cd /opt/isard/src && printf 'VIDEO_HYPERVISOR_HOSTNAMES=h2\\nVIDEO_HYPERVISOR_PORTS=5900-7899\\n' >>isardvdi.cfg &&
        ./build.sh && docker compose up -d --no-deps isard-squid isard-websockify`,
    );
    const hosts: Record<string, Cfg> = {
        h1: {},
        h2: { FLAVOUR: "hypervisor-standalone", ONLY_FORCED_HYP: "true" },
        h3: { HYPER_ID: "away" },
    };
    for (const [host, cfg] of Object.entries(hosts)) {
        const id = cfg.HYPER_ID ?? host;
        sandbox.host(host).container.start(cfg);
        await until(`${id} is Online`, () => sandbox.hypervisors.get(id)?.["status"] === "Online");
    }
}
