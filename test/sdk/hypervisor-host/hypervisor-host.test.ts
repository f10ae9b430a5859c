import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { HypervisorHost, type HypervisorHostArgs } from "../../../sdk";
import { planHost } from "../../../sdk/hypervisor-host/plan";
import { compared } from "../../../sdk/hypervisor-host/reading";
import { Engine, value } from "../engine";

const engine = new Engine();
const site = { "isardvdi:apiUrl": "https://isard.example.org" };
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZpeGVk root@h1";
const args: HypervisorHostArgs = {
    connection: { host: "192.0.2.7", hostKey, privateKey: "PRIVATE-KEY-TEXT" },
    hostname: "h1.example.org",
    release: "v17.1.0",
    server: { domain: "isard.example.org" },
    hypervisorsSecret: "hunter-22",
};
/** A secret reaches the engine in an envelope. */
const opened = (input: unknown): string =>
    typeof input === "object" && input !== null && "value" in input ? String(input.value) : String(input);
const isSecret = (input: unknown): boolean => typeof input === "object" && input !== null && "value" in input;

async function build(more: Partial<HypervisorHostArgs> = {}, config?: Record<string, string>): Promise<HypervisorHost> {
    engine.start({ ...site, ...config });
    const host = new HypervisorHost("h1", { ...args, ...more });
    await value(host.containers);
    await value(host.commit);
    return host;
}

function refusal(more: object): string {
    engine.start(site);
    try {
        new HypervisorHost("h1", { ...args, ...more });
    } catch (error) {
        assert.ok(pulumi.RunError.isInstance(error), String((error as Error).stack));
        return error.message;
    }
    throw new Error("the host was built");
}

describe("HypervisorHost", () => {
    it("makes a standalone host of two containers, and one with a video proxy of five", async () => {
        await build({ flavour: "hypervisor-standalone" });
        assert.deepEqual(engine.commands, [
            "h1-check",
            "h1-source",
            "h1-cfg",
            "h1-build",
            "h1-isard-hypervisor",
            "h1-isard-storage",
            "h1-others",
            "h1-containers",
        ]);
        await build();
        for (const name of ["video", "websockify", "squid"]) assert.ok(engine.commands.includes(`h1-isard-${name}`));
        assert.ok(!engine.commands.includes("h1-trunk"));
        await build({ vlans: { trunkInterface: "eth1" } });
        assert.ok(engine.commands.includes("h1-trunk"));
    });

    it("has its credentials in nothing but secret inputs, and in no command's text", async () => {
        await build({ redis: { password: "redis-pw-1" }, isardvdiSecret: "other-secret" });
        for (const name of engine.commands) {
            const { stdin, connection, ...plain } = engine.inputs(name);
            assert.doesNotMatch(JSON.stringify(plain), /hunter-22|redis-pw-1|other-secret|PRIVATE-KEY-TEXT/);
            assert.equal(plain["addPreviousOutputInEnv"], false);
            if (stdin !== undefined) assert.ok(isSecret(stdin), `${name}'s stdin is plain`);
            assert.ok(isSecret((connection as { privateKey: unknown }).privateKey) || isSecret(connection));
        }
        const cfg = opened(engine.inputs("h1-cfg")["stdin"]);
        for (const line of [
            "FLAVOUR=hypervisor",
            "DOMAIN=h1.example.org",
            "HYPER_ID=h1",
            "API_HYPERVISORS_SECRET=hunter-22",
            "API_DOMAIN=isard.example.org",
            "VIDEO_DOMAIN=h1.example.org",
            "REDIS_PASSWORD=redis-pw-1",
        ])
            assert.match(cfg, new RegExp(`^${line}$`, "m"));
    });

    it("mirrors in the cfg what the record is to be", async () => {
        const host = await build({
            hyperId: "hyper-7",
            enabled: false,
            capabilities: { hypervisor: false, disk: true },
            storagePools: ["p1", "p2"],
            flavour: "hypervisor-standalone",
        });
        const cfg = opened(engine.inputs("h1-cfg")["stdin"]);
        for (const line of [
            "HYPER_ID=hyper-7",
            "HYPER_ENABLED=false",
            "CAPABILITIES_HYPER=false",
            "CAPABILITIES_DISK=true",
            "CAPABILITIES_STORAGE_POOLS=p1,p2",
            "VIDEO_DOMAIN=isard.example.org",
        ])
            assert.match(cfg, new RegExp(`^${line}$`, "m"));
        assert.deepEqual(host.declared, {
            hyperId: "hyper-7",
            hostname: "h1.example.org",
            flavour: "hypervisor-standalone",
            capabilities: { hypervisor: false, disk: true },
            enabled: false,
            storagePools: ["p1", "p2"],
        });
        // no desktops, no KVM
        assert.doesNotMatch(String(engine.inputs("h1-check")["create"]), /\/dev\/kvm/);
    });

    it("gives another input to just the services that read a changed value", async () => {
        const inputs = async (more: Partial<HypervisorHostArgs>): Promise<Record<string, string>> => {
            await build(more);
            return Object.fromEntries(engine.commands.map((name) => [name, JSON.stringify(engine.inputs(name))]));
        };
        const before = await inputs({});
        const touched = async (more: Partial<HypervisorHostArgs>): Promise<string[]> => {
            const after = await inputs(more);
            return Object.keys(after).filter((name) => after[name] !== before[name]);
        };
        const always = ["h1-cfg", "h1-build"];
        const last = ["h1-others", "h1-containers"];
        assert.deepEqual(await touched({}), []);
        assert.deepEqual(await touched({ videoPorts: "5900-6000" }), [
            ...always,
            "h1-isard-websockify",
            "h1-isard-squid",
            ...last,
        ]);
        assert.deepEqual(await touched({ redis: { password: "new" } }), [...always, "h1-isard-storage", ...last]);
        assert.deepEqual(
            await touched({ vlans: { trunkInterface: "eth1", staticVlans: [7], statsRethinkdbHost: "db" } }),
            [
                // looked for, and made promiscuous
                "h1-check",
                "h1-trunk",
                ...always,
                "h1-isard-hypervisor",
                ...last,
            ],
        );
        assert.ok((await touched({ minFreeMemGb: 4 })).includes("h1-isard-hypervisor"));
    });

    it("reads the containers through @pulumi/docker where the machine's own ssh can reach the host", async () => {
        const agent = await build({ connection: { host: "192.0.2.7", hostKey, agentSocketPath: "/run/agent" } });
        const docker = engine.inputs("h1-docker");
        assert.equal(docker["host"], "ssh://root@192.0.2.7:22");
        const options = JSON.stringify(docker["sshOpts"]);
        // ssh's own %H, which is [192.0.2.7]:2222 there for another port, and no comment of the key
        assert.match(options, /KnownHostsCommand=\/bin\/echo %H ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZpeGVk[\\"]/);
        assert.match(options, /IdentityAgent=\/run\/agent/);
        assert.equal((await value(agent.containers))["isard-hypervisor"], "172.31.255.17");
        const key = await build();
        assert.equal(engine.made.has("h1-docker"), false);
        assert.deepEqual(await value(key.containers), { "isard-hypervisor": "172.31.255.17" });
    });

    it("ends no run when a container is another one, is elsewhere, stopped or gone, or the host is away", async () => {
        const plan = planHost({ ...args, flavour: "hypervisor-standalone" });
        const last = {
            "isard-hypervisor": { id: "a", address: "172.31.255.17" },
            "isard-storage": { id: "b", address: "172.31.255.21" },
        };
        const told = (now: Record<string, { id: string; address: string }>): [Record<string, string>, string[]] => {
            const warnings: string[] = [];
            return [compared(plan, last, now, (warning) => warnings.push(warning)), warnings];
        };
        const where = { "isard-hypervisor": "172.31.255.17", "isard-storage": "172.31.255.21" };
        assert.deepEqual(told(last), [where, []]);
        const recreated = { ...last, "isard-storage": { id: "c", address: "172.31.255.21" } };
        assert.deepEqual(told(recreated), [
            where,
            ["isard-storage is another container than the one that was started last: it was recreated by hand."],
        ]);
        const elsewhere = { ...last, "isard-storage": { id: "b", address: "172.18.0.9" } };
        assert.deepEqual(told(elsewhere), [
            { ...where, "isard-storage": "172.18.0.9" },
            [
                "isard-storage has the address 172.18.0.9, and forwards lead to 172.31.255.21. Correct dockerNet, or recreate the container.",
            ],
        ]);
        assert.deepEqual(told({ "isard-storage": last["isard-storage"] }), [
            where,
            [
                "isard-hypervisor does not run: it is stopped, or was taken away. Run there: docker compose -f /opt/isard/src/docker-compose.yml up -d --no-deps isard-hypervisor",
            ],
        ]);

        const getNetwork = "docker:index/getNetwork:getNetwork";
        engine.answers.set(getNetwork, () => assert.fail("1 error occurred:\n\t* ssh: no route to host\n\n"));
        const host = await build({ connection: { host: "192.0.2.7", hostKey } });
        assert.equal((await value(host.containers))["isard-hypervisor"], "172.31.255.17");
        engine.answers.delete(getNetwork);
    });

    it("takes a connection by its name, with its keys secret", async () => {
        const named = { h1: { host: "192.0.2.9", hostKey, password: "pass-of-root" } };
        await build({ connection: "h1" }, { "isardvdi:connections": JSON.stringify(named) });
        const connection = engine.inputs("h1-check")["connection"] as Record<string, unknown>;
        assert.match(JSON.stringify(connection), /192\.0\.2\.9/);
        assert.ok(isSecret(connection) || isSecret(connection["password"]));
    });

    for (const [what, more, told] of [
        [
            "no host key",
            { connection: { host: "h" } },
            /connection\.hostKey is missing, and @pulumi\/command accepts any host/,
        ],
        ["a fingerprint", { connection: { host: "h", hostKey: "SHA256:abc" } }, /connection\.hostKey is no public key/],
        [
            "sudo",
            { connection: { host: "h", hostKey, sudo: true } },
            /connection\.sudo is set, which @pulumi\/command cannot do/,
        ],
        ["known_hosts", { connection: { host: "h", hostKey, knownHosts: "/f" } }, /connection\.knownHosts is given/],
        [
            "a key of the agent",
            { connection: { host: "h", hostKey, identity: "me" } },
            /connection\.identity is given, which @pulumi\/command does not read/,
        ],
        [
            "~/.ssh/config",
            { connection: { host: "h", hostKey, sshConfig: true } },
            /connection\.sshConfig is set, and @pulumi\/command does not read that file/,
        ],
        ["another user", { connection: { host: "h", hostKey, user: "admin" } }, /connection\.user is "admin"/],
        [
            "a hop without a key",
            { connection: { host: "h", hostKey, proxy: { host: "j" } } },
            /connection\.proxy\.hostKey is missing/,
        ],
        [
            "two hops",
            { connection: { host: "h", hostKey, proxy: { host: "j", hostKey, proxy: { host: "k", hostKey } } } },
            /connection\.proxy\.proxy is a second jump host/,
        ],
        ["a name without a connection", { connection: "nobody" }, /Unable to find the connection "nobody"/],
        ["a scheme", { hostname: "https://h1" }, /hostname is "https:\/\/h1", which must be a bare host name/],
        ["a port", { server: { domain: "isard.example.org:443" } }, /server\.domain is "isard\.example\.org:443"/],
        ["a branch", { release: "main" }, /release is "main", which is no pinned release/],
        ["no secret", { hypervisorsSecret: "" }, /hypervisorsSecret is missing/],
        ["ports reversed", { videoPorts: "7899-5900" }, /videoPorts is "7899-5900"/],
        ["a port out of range", { viewer: { html5Port: 70000 } }, /viewer\.html5Port is 70000/],
        ["a VLAN out of range", { vlans: { trunkInterface: "eth1", staticVlans: [4095] } }, /staticVlans has 4095/],
        ["an interface that is none", { vlans: { trunkInterface: "eth1; rm" } }, /trunkInterface is "eth1; rm"/],
        ["a flavour", { flavour: "web" }, /flavour is "web"\. Use hypervisor or/],
        [
            "video of a standalone host",
            { flavour: "hypervisor-standalone", videoPorts: "5900-6000" },
            /has no video proxy/,
        ],
        ["a key set twice", { settings: { DOMAIN: "x" } }, /settings has DOMAIN, which an argument of its own sets/],
        ["a relative path", { path: "src" }, /path is "src"\. Give an absolute path/],
    ] as const)
        it(`refuses ${what} before anything is made`, () => {
            const message = refusal(more);
            assert.match(message, told);
            assert.match(message, /^Unable to /);
            assert.equal(engine.made.size, 0);
        });

    it("tells all mistakes at once", () => {
        const message = refusal({ hostname: "a b", release: "main" });
        assert.match(
            message,
            /^Unable to build hypervisor host "h1": 2 mistakes\n {2}- hostname[^\n]+\n {2}- release[^\n]+$/,
        );
    });
});
