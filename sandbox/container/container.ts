import { SITE_DOMAIN } from "../api/registration";
import { atLeast } from "../api/release";
import type { SiteClock } from "../clock";
import type { Settings } from "../options";
import type { Host } from "../world/host";
import { boot } from "./boot";
import { fallbacks, type ContainerCfg } from "./cfg";
import { ContainerClient, type Portal } from "./client";

/** Of the site's server, as the hosts know it beside its name. */
export const SITE_ADDRESS = "10.42.0.1";
/** A container that is stopped gives the site so long to take its record away, in milliseconds of the site. */
const FAREWELL = 4_000;
const LINES = 1_000;

/** A host's isard-hypervisor container, which registers itself with the site. */
export interface SandboxContainer {
    /** Starts it, with these keys of the host's isardvdi.cfg changed. */
    start(cfg?: Partial<ContainerCfg>): void;
    /** Changes these keys of the host's isardvdi.cfg and of what the container's commands see. */
    configure(cfg: Partial<ContainerCfg>): void;
    /** As SIGTERM does: the record is deleted. */
    stop(): Promise<void>;
    restart(cfg?: Partial<ContainerCfg>): Promise<void>;
    /** Ends it as a power cut does: nobody is told. */
    halt(): void;
    /** A boot step that does not end, until it is undefined again. */
    hangsAt: number | undefined;
    readonly running: boolean;
    /** The boot step it is at; undefined before the API has answered. */
    readonly step: number | undefined;
    /** Its last log lines. */
    readonly log: readonly string[];
}

/** What a container has from the site around it. */
export interface Surroundings {
    clock: SiteClock;
    settings: Settings;
    /** Where the site's portal listens, once it does. */
    portal: () => Portal | undefined;
}

export class Container implements SandboxContainer {
    hangsAt: number | undefined;
    step: number | undefined;
    readonly log: string[] = [];
    private cfg: ContainerCfg;
    private life: AbortController | undefined;

    constructor(
        private readonly host: Host,
        private readonly site: Surroundings,
    ) {
        this.cfg = {
            ...fallbacks,
            HYPER_ID: host.name,
            DOMAIN: host.name,
            API_DOMAIN: SITE_ADDRESS,
            API_HYPERVISORS_SECRET: site.settings.hypervisorsSecret,
        };
    }

    get settings(): Readonly<ContainerCfg> {
        return this.cfg;
    }

    configure(cfg: Partial<ContainerCfg>): void {
        this.cfg = { ...this.cfg, ...cfg };
    }

    get running(): boolean {
        return this.life !== undefined;
    }

    start(cfg: Partial<ContainerCfg> = {}): void {
        if (this.life) throw new Error(`The container of ${this.host.name} is running already: stop or restart it.`);
        this.cfg = { ...this.cfg, ...cfg };
        const life = (this.life = new AbortController());
        this.host.up = true;
        this.host.rotateHostKey();
        this.host.revokeEngineKey();
        this.host.openSsh();
        this.boot(life.signal).catch((error: unknown) => {
            if (!life.signal.aborted) this.say(`The boot has ended: ${String(error)}`);
        });
    }

    async stop(): Promise<void> {
        if (!this.life) return;
        this.halt();
        this.host.up = false;
        this.host.closeSsh();
        // the site finishes the deletion by itself, and an API that is away keeps nobody here
        const patience = new AbortController();
        const cancel = this.site.clock.after(FAREWELL, () => patience.abort());
        await this.client()
            .call("DELETE", `/hypervisor/${this.cfg.HYPER_ID}`, undefined, patience.signal)
            .catch(() => undefined);
        cancel();
    }

    async restart(cfg?: Partial<ContainerCfg>): Promise<void> {
        await this.stop();
        this.start(cfg);
    }

    halt(): void {
        this.life?.abort();
        this.life = undefined;
        this.step = undefined;
    }

    private boot(signal: AbortSignal): Promise<void> {
        const { release, generation } = this.site.settings;
        const { switches } = this.host;
        return boot({
            cfg: this.cfg,
            client: this.client(),
            machine: {
                kvmModule: () => (generation === "v4" ? (switches.kvm === "none" ? null : switches.kvm) : undefined),
                libvirtStarts: () => switches.libvirt === "up",
                trustEngine: () => this.host.trustEngineKey(),
                hangsAt: () => this.hangsAt,
            },
            sleep: (milliseconds) => this.sleep(milliseconds, signal),
            signal,
            log: (line) => this.say(line),
            reached: (step) => (this.step = step),
            hasProgress: atLeast(release, 14, 109),
        });
    }

    private client(): ContainerClient {
        const { API_DOMAIN: domain, API_HYPERVISORS_SECRET: secret } = this.cfg;
        const leadsToSite = domain === SITE_ADDRESS || domain === SITE_DOMAIN;
        const portal = (): Portal | undefined => (leadsToSite ? this.site.portal() : undefined);
        return new ContainerClient(this.site.settings.generation, domain, secret, portal);
    }

    private sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
        return new Promise((resolve, reject) => {
            const cut = (): void => {
                cancel();
                reject(new Error("the container was stopped"));
            };
            if (signal.aborted) return reject(new Error("the container was stopped"));
            const cancel = this.site.clock.after(milliseconds, () => {
                signal.removeEventListener("abort", cut);
                resolve();
            });
            signal.addEventListener("abort", cut, { once: true });
        });
    }

    private say(line: string): void {
        this.log.push(line);
        if (this.log.length > LINES) this.log.shift();
    }
}
