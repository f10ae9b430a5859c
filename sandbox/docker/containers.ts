import { createHash } from "node:crypto";

/** A container as the world keeps it. */
export interface Service {
    /** Its last lines. */
    log: () => readonly string[];
    /** Absent: the sandbox has nothing that would notice. */
    stop?: () => void | Promise<void>;
    start?: () => void | Promise<void>;
    /** Absent: it runs from its last start to its last stop. */
    isRunning?: () => boolean;
    environment?: () => Readonly<Record<string, string | undefined>>;
    /** How `docker port` prints what it publishes. */
    ports?: () => readonly string[];
}

export interface Container extends Service {
    name: string;
    /** Another one for each that was created under the name. */
    id: string;
    running: boolean;
    /** Milliseconds of the clock of this machine: when it was started or stopped. */
    since: number;
}

/** The containers of one machine. */
export class Containers {
    private readonly all = new Map<string, Container>();
    private created = 0;

    constructor(services: Readonly<Record<string, Service>>) {
        for (const [name, service] of Object.entries(services)) this.add(name, service);
    }

    list(): Container[] {
        return [...this.all.values()].map((each) => this.seen(each));
    }

    find(name: string): Container | undefined {
        const found = this.all.get(name) ?? [...this.all.values()].find(({ id }) => id === name);
        return found && this.seen(found);
    }

    async turn(name: string, on: boolean): Promise<void> {
        const found = this.find(name);
        if (!found) throw new Error(`Error response from daemon: No such container: ${name}`);
        const act = on ? found.start : found.stop;
        if (!act) throw new Error(`Error response from daemon: the sandbox needs ${name} as it is`);
        if (found.running === on) return;
        await act();
        this.set(name, on);
    }

    /** One that is there already stays as it is. */
    add(name: string, service: Service): void {
        if (this.all.has(name)) return;
        const id = createHash("sha256").update(`${name} ${++this.created}`).digest("hex").slice(0, 12);
        this.all.set(name, { ...service, name, id, running: true, since: Date.now() });
    }

    /** Ends the one of that name, and starts another in its place. */
    async recreate(name: string, service: Service): Promise<void> {
        const now = this.find(name);
        if (now?.running) await now.stop?.();
        this.remove(name);
        this.add(name, service);
        await service.start?.();
    }

    /** `docker rm`: nothing is left of it. */
    remove(name: string): void {
        this.all.delete(name);
    }

    private set(name: string, running: boolean): void {
        const kept = this.all.get(name);
        if (kept && kept.running !== running) Object.assign(kept, { running, since: Date.now() });
    }

    private seen(container: Container): Container {
        if (container.isRunning) this.set(container.name, container.isRunning());
        return container;
    }
}
