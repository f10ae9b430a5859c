import { part, text, type Row } from "../row";
import { enablesItself, registrationOf, type ContainerCfg } from "./cfg";
import type { ContainerClient, Reply } from "./client";

/** What a container finds on its host when it starts. */
export interface Machine {
    /** The module that the processor asks for; undefined where the release does not tell the site. */
    kvmModule: () => string | null | undefined;
    libvirtStarts: () => boolean;
    /** The engine's key of a registration's answer goes into the authorized keys. */
    trustEngine: () => void;
    /** A step at which the boot goes no further. */
    hangsAt: () => number | undefined;
}

export interface Boot {
    cfg: ContainerCfg;
    client: ContainerClient;
    machine: Machine;
    /** By the site's clock; rejects when the container is stopped. */
    sleep: (milliseconds: number) => Promise<void>;
    signal: AbortSignal;
    log: (line: string) => void;
    reached: (step: number) => void;
    hasProgress: boolean;
}

interface Step {
    label: string;
    /** How long its own work takes, in milliseconds of the site. */
    takes: number;
    work?: (boot: Boot, note: (error: string) => void) => Promise<void>;
}

const steps: readonly Step[] = [
    { label: "GPU/hardware discovery", takes: 1_000 },
    { label: "API registration", takes: 200, work: register },
    { label: "VPN setup", takes: 500, work: joinVpn },
    { label: "OVS setup", takes: 2_000 },
    { label: "Libvirt startup", takes: 2_000, work: startLibvirt },
    { label: "Network setup", takes: 1_000 },
    { label: "Hugepages report", takes: 200 },
    { label: "Domain test", takes: 1_000 },
    { label: "Firewall rules", takes: 500 },
    { label: "Ready", takes: 100, work: enable },
];

/** The boot of a hypervisor container, in its own order; it tries again for ever where the real one does. */
export async function boot(run: Boot): Promise<void> {
    while (!(await run.client.answers(run.signal))) {
        run.log(`Waiting for the API at ${run.cfg.API_DOMAIN}`);
        await run.sleep(3_000);
    }
    for (const [number, step] of steps.entries()) {
        run.log(`[${number}/${steps.length - 1}] ${step.label}`);
        run.reached(number);
        const tell = (error?: string): void => void report(run, number, step.label, error);
        tell();
        while (run.machine.hangsAt() === number) await run.sleep(1_000);
        await run.sleep(step.takes);
        await step.work?.(run, tell);
    }
    run.log("Hypervisor ready");
}

/** In the background and without a second try; the site drops it while there is no record. */
async function report({ cfg, client, signal, hasProgress }: Boot, step: number, label: string, error?: string) {
    if (!hasProgress) return;
    const progress: Row = {
        step,
        total: steps.length - 1,
        label,
        error: error ?? null,
        timestamp: Math.floor(Date.now() / 1000),
    };
    const path = `/hypervisor/${cfg.HYPER_ID}/boot_progress`;
    await client.call("PUT", path, { boot_progress: progress }, signal).catch(() => undefined);
}

async function register(run: Boot): Promise<void> {
    const { cfg, client, machine } = run;
    await untilDone(run, "Failed to register hypervisor", 2_000, async () => {
        const answer = await client.call("POST", "/hypervisor", registrationOf(cfg, machine.kvmModule()), run.signal);
        if (text(part(content(answer), "certs"), "ca-cert.pem") === "") throw new Error(summary(answer));
    });
    machine.trustEngine();
}

async function joinVpn(run: Boot, note: (error: string) => void): Promise<void> {
    const { cfg, client, signal } = run;
    let tries = 0;
    await untilDone(
        run,
        "Failed to get the VPN configuration",
        () => Math.min(4_000, 1_000 * ++tries),
        async () => {
            const answer = await client.call("GET", `/hypervisor_vpn/${cfg.HYPER_ID}`, undefined, signal);
            const { vpn_required: required, content: file, description_code: code } = content(answer);
            if (required === false || code === "vpn_wireguard_disabled" || typeof file === "string") return;
            // the site makes the peer a moment after the record
            if (tries > 2) note("VPN configuration is not available");
            throw new Error(summary(answer));
        },
    );
}

async function startLibvirt(run: Boot, note: (error: string) => void): Promise<void> {
    for (let told = false; !run.machine.libvirtStarts(); await run.sleep(1_000)) {
        if (!told) note("libvirtd did not start");
        told = true;
    }
}

async function enable(run: Boot): Promise<void> {
    const { cfg, client, signal } = run;
    if (!enablesItself(cfg)) return run.log(`HYPER_ENABLED is ${cfg.HYPER_ENABLED}: the hypervisor stays disabled`);
    await untilDone(run, "Failed to enable hypervisor", 1_000, async () => {
        const answer = await client.call("PUT", `/hypervisor/${cfg.HYPER_ID}`, { enabled: true }, signal);
        if (answer.status !== 200) throw new Error(summary(answer));
    });
}

async function untilDone(
    run: Boot,
    complaint: string,
    pause: number | (() => number),
    attempt: () => Promise<void>,
): Promise<void> {
    for (;;) {
        try {
            return await attempt();
        } catch (error) {
            run.signal.throwIfAborted();
            run.log(`${complaint}: ${error instanceof Error ? error.message : String(error)}`);
        }
        await run.sleep(typeof pause === "number" ? pause : pause());
    }
}

function content({ body }: Reply): Row {
    try {
        return part({ answer: JSON.parse(body) as unknown }, "answer");
    } catch {
        return {};
    }
}

/** Never the body itself: a registration's answer holds private keys. */
const summary = (answer: Reply): string => `${answer.status} ${text(content(answer), "description")}`.trim();
