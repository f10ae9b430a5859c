import assert from "node:assert/strict";
import type { ContainerCfg, SandboxContainer, SandboxOptions } from "../../sandbox";
import { rig, type Rig } from "./client";

const row = (site: Rig, id = "h1"): Record<string, unknown> => site.row(id) ?? {};
const part = (value: unknown): Record<string, unknown> => (value ?? {}) as Record<string, unknown>;
const paths = (site: Rig): string[] =>
    site.sandbox.requests.map(({ method, path }) => `${method} ${path.replace(/^\/api\/v\d(\/admin\/item)?/, "")}`);

for (const generation of ["v4", "v3"] as const) {
    describe(`sandbox ${generation}: a container that registers itself`, () => {
        let site: Rig;
        afterEach(() => site.sandbox.stop());
        const start = async (cfg: Partial<ContainerCfg> = {}, more: SandboxOptions = {}): Promise<SandboxContainer> => {
            site = await rig({ generation, timeScale: 25, ...more });
            const { container } = site.sandbox.host("h1");
            container.start(cfg);
            return container;
        };

        it("boots from the hardware to Online, each step told in its record", async () => {
            const container = await start();
            const steps = new Set<unknown>();
            await site.until("Online", () => {
                steps.add(part(row(site)["boot_progress"])["step"]);
                return row(site)["status"] === "Online";
            });
            assert.deepEqual([row(site)["hostname"], row(site)["port"], row(site)["enabled"]], ["h1", "2022", true]);
            const { step, total, label } = part(row(site)["boot_progress"]);
            assert.deepEqual([step, total, label, container.step], [9, 9, "Ready", 9]);
            // the record is there from step 1 on
            assert.ok(steps.size >= 6, [...steps].join());
            assert.equal(row(site)["description"], "Added through api");
            assert.equal(row(site)["isard_hyper_vpn_host"], "isard-vpn");
            const order = ["POST /hypervisor", "GET /hypervisor_vpn/h1", "PUT /hypervisor/h1"];
            assert.deepEqual([...new Set(paths(site).filter((path) => order.includes(path)))], order);
            assert.ok(!JSON.stringify(container.log).includes("PRIVATE"));
        });

        it("takes its identity from the cfg", async () => {
            await start({
                HYPER_ID: "hyper-one",
                DOMAIN: "h1.example.test",
                FLAVOUR: "hypervisor-standalone",
                CAPABILITIES_DISK: "false",
                CAPABILITIES_STORAGE_POOLS: "a,b",
                CAPABILITIES_VIRT_POOLS: "a",
                ONLY_FORCED_HYP: "true",
                GPU_ONLY: "true",
                HYPER_FREEMEM: "12",
                STATIC_DOMAIN: "web.example.test",
            });
            await site.until("its record", () => site.row("hyper-one") !== undefined);
            const made = row(site, "hyper-one");
            assert.equal(made["hostname"], "h1.example.test");
            assert.deepEqual(made["capabilities"], { disk_operations: false, hypervisor: true });
            assert.deepEqual([made["storage_pools"], made["virt_pools"]], [["a", "b"], ["a"]]);
            assert.deepEqual([made["only_forced"], made["gpu_only"], made["min_free_mem_gb"]], [true, true, 12]);
            const viewer = part(made["viewer"]);
            assert.deepEqual(
                [viewer["static"], viewer["proxy_video"], viewer["proxy_hyper_host"]],
                ["web.example.test", "h1.example.test", "h1.example.test"],
            );
        });

        it("leaves itself disabled when HYPER_ENABLED is anything but true", async () => {
            const container = await start({ HYPER_ENABLED: "false" });
            await site.until("the last step", () => part(row(site)["boot_progress"])["step"] === 9);
            await site.until("the last word", () => container.log.at(-1) === "Hypervisor ready");
            assert.equal(row(site)["enabled"], false);
            assert.ok(!paths(site).includes("PUT /hypervisor/h1"));
        });

        it("takes its record away when it is stopped, and makes another one at its restart", async () => {
            const container = await start();
            await site.until("Online", () => row(site)["status"] === "Online");
            const address = part(part(row(site)["vpn"])["wireguard"])["Address"];
            site.sandbox.hypervisors.set("h1", { description: "mine" });
            await container.restart({ HYPER_ENABLED: "false" });
            assert.equal(site.row("h1"), undefined);
            await site.until("its new record", () => part(row(site)["boot_progress"])["step"] === 9);
            assert.deepEqual([row(site)["description"], row(site)["enabled"]], ["Added through api", false]);
            assert.notEqual(part(part(row(site)["vpn"])["wireguard"])["Address"], address);
            await container.stop();
            assert.deepEqual([container.running, container.step], [false, undefined]);
            // the server finishes the deletion by itself where the container's patience ends first
            await site.until("no record", () => site.row("h1") === undefined);
        });

        it("needs no VPN of WireGuard where the site tunnels without", async () => {
            const container = await start({}, { vpnMode: "geneve" });
            await site.until("the end of its boot", () => container.log.at(-1) === "Hypervisor ready");
            assert.equal(row(site)["enabled"], true);
        });

        it("registers never with the wrong secret, and at once when it is right", async () => {
            const container = await start({ API_HYPERVISORS_SECRET: "wrong" });
            await site.until("three tries", () => container.log.filter((line) => /401/.test(line)).length >= 3);
            assert.deepEqual([site.row("h1"), container.step], [undefined, 1]);
            await container.restart({ API_HYPERVISORS_SECRET: site.sandbox.hypervisorsSecret });
            await site.until("its record", () => site.row("h1") !== undefined);
        });

        it("waits for an API whose name leads nowhere", async () => {
            const container = await start({ API_DOMAIN: "isard.elsewhere.test" });
            await site.until("three tries", () => container.log.length >= 3);
            assert.equal(container.step, undefined);
            assert.deepEqual(paths(site), []);
        });

        it("trusts the certificate as its release does", async () => {
            const container = await start({ API_DOMAIN: "isard.example.test" }, { tls: true });
            if (generation === "v3") return await site.until("its record", () => site.row("h1") !== undefined);
            const refused = (): number => container.log.filter((line) => /self-signed/.test(line)).length;
            await site.until("three tries", () => refused() >= 3);
            assert.equal(site.row("h1"), undefined);
            await container.restart({ API_DOMAIN: "10.42.0.1" });
            await site.until("its record", () => site.row("h1") !== undefined);
        });

        it("stays where its host lets it: a libvirt that is down, a step that hangs", async () => {
            site = await rig({ generation, timeScale: 100 });
            const host = site.sandbox.host("h1");
            host.stopLibvirt();
            host.container.start();
            const progress = (): Record<string, unknown> => part(row(site)["boot_progress"]);
            await site.until("the error", () => progress()["error"] === "libvirtd did not start");
            assert.equal(progress()["step"], 4);
            host.container.hangsAt = 7;
            host.startLibvirt();
            await site.until("step 7", () => progress()["step"] === 7);
            assert.equal(row(site)["enabled"], false);
            host.container.hangsAt = undefined;
            await site.until("Online", () => row(site)["status"] === "Online");
        });

        it("ends in the engine's own Error where the processor has no virtualization", async () => {
            site = await rig({ generation, timeScale: 100 });
            const host = site.sandbox.host("h1");
            host.turn({ kvm: "none" });
            host.container.start();
            await site.until("Error", () => row(site)["status"] === "Error");
            assert.match(String(row(site)["detail"]), /^KVM requires virtualization support/);
        });
    });
}

describe("sandbox: containers of hosts that register themselves", () => {
    it("start with the site, and a host that is not there is refused", async () => {
        const site = await rig({ timeScale: 100, hosts: ["h1", "h2"], selfRegister: ["h2"] });
        await site.until("Online", () => site.row("h2")?.["status"] === "Online");
        assert.equal(site.row("h1"), undefined);
        await site.sandbox.stop();
        await assert.rejects(rig({ selfRegister: ["h9"] }), /no host named h9/);
    });
});
