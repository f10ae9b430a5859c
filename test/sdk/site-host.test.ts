import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Site, type SiteArgs } from "../../sdk";
import { Engine, value } from "./engine";

const engine = new Engine();
const v4 = {
    "isardvdi:apiUrl": "https://isard.example.org",
    "isardvdi:apiSecret": "secret",
    "isardvdi:apiGeneration": "v4",
};

describe("Site with a machine that it makes a host", () => {
    const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZpeGVk";
    const built: SiteArgs = {
        server: { connection: { host: "192.0.2.1" }, wireguardPort: 4500 },
        hypervisors: {
            h1: {
                connection: { host: "h1.example.org", hostKey },
                flavour: "hypervisor-standalone",
                enabled: false,
                storagePools: ["p1"],
                host: {
                    release: "v17.1.0",
                    hypervisorsSecret: "hunter-22",
                    vlans: { trunkInterface: "eth1", staticVlans: [7, 9] },
                },
            },
        },
    };

    it("has its cfg say what the record is to be, and its VLANs in the record", async () => {
        engine.start(v4);
        await value(new Site("bcn", built).status);
        const stdin = JSON.stringify(engine.inputs("bcn-h1-host-cfg")["stdin"]);
        for (const line of [
            "FLAVOUR=hypervisor-standalone",
            "DOMAIN=h1.example.org",
            "HYPER_ID=h1",
            "HYPER_ENABLED=false",
            "CAPABILITIES_STORAGE_POOLS=p1",
            "API_DOMAIN=isard.example.org",
            "WG_HYPERS_PORT=4500",
            "HYPERVISOR_STATIC_VLANS=7,9",
        ])
            assert.ok(stdin.includes(`\\n${line}\\n`), `${line} is not in ${stdin}`);
        assert.deepEqual(engine.inputs("bcn-h1")["vlans"], [7, 9]);
        assert.equal(engine.inputs("bcn-h1")["host"], undefined);
    });

    it("refuses what HypervisorHost would, with all else that is wrong", () => {
        const { h1 } = built.hypervisors;
        const wrong = { ...h1, connection: { host: "h1.example.org" }, host: { ...h1?.host, release: "main" } };
        engine.start(v4);
        const hypervisors = { h1: wrong as SiteArgs["hypervisors"][string] };
        let message = "";
        try {
            new Site("bcn", { ...built, hypervisors });
        } catch (error) {
            assert.ok(pulumi.RunError.isInstance(error), String(error));
            message = error.message;
        }
        assert.match(message, /h1: release is "main"/);
        assert.match(message, /h1: connection\.hostKey is missing/);
    });
});
