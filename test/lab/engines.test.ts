import { strict as assert } from "node:assert";
import type { DockerOptions } from "./docker";
import type { Firewall } from "./firewall";
import { Lab } from "./lab";
import { needsEngine } from "./skip";

const NFTABLES = { "firewall-backend": "nftables", "bridge-accept-fwmark": "0x10000/0x10000" };

/** With what each is, by the engine itself and by its rules. */
const engines: [DockerOptions & { engine: "28.5.2" | "29" }, Firewall, { version: RegExp; tables: string[] }][] = [
    [{ engine: "28.5.2" }, "iptables-nft", { version: /^28\.5\.2/, tables: [] }],
    [{ engine: "29" }, "iptables-legacy", { version: /^29\./, tables: [] }],
    [
        { engine: "29", daemon: NFTABLES },
        "iptables-nft",
        { version: /^29\./, tables: ["ip docker-bridges", "ip6 docker-bridges"] },
    ],
    [
        { engine: "29", daemon: NFTABLES },
        "firewalld-nftables",
        { version: /^29\./, tables: ["ip docker-bridges", "ip6 docker-bridges"] },
    ],
];

for (const [docker, firewall, { version, tables }] of engines)
    describe(`a host of the lab with Docker ${docker.engine}, ${firewall} and ${JSON.stringify(docker.daemon ?? {})}`, function () {
        this.timeout(300_000);
        let lab: Lab | undefined;
        before(needsEngine(docker.engine));
        after(async () => await lab?.stop());

        it("has the containers of an IsardVDI host and the engine's own rules, also after a restart", async () => {
            lab = await Lab.start();
            const host = await lab.host("h1", { docker, firewall });
            for (const _ of ["started", "restarted"]) {
                assert.match(await host.must("docker version --format '{{.Server.Version}}'"), version);
                assert.match((await host.tcp("172.31.255.17", 2022)).text, /^SSH-2.0-/);
                assert.equal(await host.udp("172.31.255.23", 4443, "ping"), "ping");
                const seen = await host.must("nft list tables | grep docker | sort || true");
                assert.deepEqual(
                    seen.split("\n").filter(Boolean),
                    tables.map((table) => `table ${table}`),
                );
                const chains = await host.must("iptables-save; iptables-legacy-save 2>/dev/null");
                assert.equal(/^:DOCKER-FORWARD /m.test(chains), tables.length === 0, chains);
                await host.restartDocker();
            }
        });
    });
