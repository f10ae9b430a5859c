import assert from "node:assert/strict";
import { type ContainerCfg, startSandbox, type Sandbox } from "../../sandbox";
import { configOf, inputs, until, writing } from "../contract/harness/hypervisor";
import { type Provider, startProvider } from "../contract/harness/provider";
import type { Values } from "../contract/harness/rpc";
import { needsLab } from "../lab/skip";
import { BareMachine } from "./machine";

const pool = "11111111-2222-3333-4444-555555555555";

/** What the resource and the host's cfg both say. */
const declared = {
    enabled: false,
    capabilities: { hypervisor: false, disk: true },
    storagePools: [pool],
    onlyForced: true,
    bufferingHyper: true,
    minFreeMemGb: 12,
};

describe("a host that was built and then reboots by itself", function () {
    this.timeout(600_000);
    let machine: BareMachine;
    let sandbox: Sandbox;
    let provider: Provider;
    before(needsLab);
    before(async () => {
        machine = await BareMachine.start();
        await machine.mountStorage();
        sandbox = await startSandbox({ timeScale: 100 });
        provider = await startProvider(configOf(sandbox));
    });
    after(async () => {
        await provider?.stop();
        await sandbox?.stop();
        await machine?.stop();
    });

    /** The variables that a process in the real container has: the site's own container registers with them. */
    const cfg = async (): Promise<Partial<ContainerCfg>> => {
        const text = await machine.server.host.must("docker exec isard-hypervisor cat /proc/1/environ");
        const read = text.split("\0").flatMap((line) => {
            const at = line.indexOf("=");
            return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : [];
        });
        const { API_DOMAIN: _domain, API_HYPERVISORS_SECRET: _secret, ...own } = Object.fromEntries(read);
        return own;
    };
    const row = () => {
        const { enabled, only_forced, buffering_hyper, min_free_mem_gb, storage_pools, capabilities } =
            sandbox.hypervisors.get("h1") ?? {};
        return {
            enabled,
            only_forced,
            buffering_hyper,
            min_free_mem_gb: Number(min_free_mem_gb),
            storage_pools,
            capabilities,
        };
    };

    it("comes back as it was declared: its record is the same, and the next up has nothing to do", async () => {
        const { enabled, capabilities, storagePools, onlyForced, bufferingHyper, minFreeMemGb } = declared;
        const own = { enabled, capabilities, storagePools, onlyForced, bufferingHyper, minFreeMemGb };
        await machine.up({ hostname: "h1", hyperId: "h1", ...own });
        const { container } = sandbox.host("h1");
        const wanted: Values = { ...inputs("h1", { registration: "self", ...own }) };
        delete wanted["kvmModule"];
        container.start(await cfg());
        const { state } = await provider.create(wanted);
        const before = row();
        assert.deepEqual(before, {
            enabled: false,
            only_forced: true,
            buffering_hyper: true,
            min_free_mem_gb: 12,
            storage_pools: [pool],
            capabilities: { hypervisor: false, disk_operations: true },
        });

        // a power cut: the disks stay, and each container is a new process with what was baked into it
        container.halt();
        sandbox.hypervisors.delete("h1");
        await machine.server.host.reboot();
        await machine.server.host.must("docker start isard-hypervisor");
        sandbox.clearRequests();
        container.start(await cfg());
        await until(() => container.log.filter((line) => line === "Hypervisor ready").length === 2);
        assert.deepEqual(row(), before);
        const read = await provider.read("h1", state);
        assert.equal(read.id, "h1");
        assert.equal((await provider.diff("h1", read.state, wanted)).changes, false);
        // the container's own registration, and nothing of ours
        assert.deepEqual(
            writing(sandbox).filter(({ path }) => !/\/hypervisor(\/h1(\/boot_progress)?)?$/.test(path)),
            [],
        );
    });
});
