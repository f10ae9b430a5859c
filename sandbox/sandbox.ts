import { generate } from "selfsigned";
import type { ConnectionArgs } from "../provider/connection";
import { portal } from "./api/portal";
import { cfgOf } from "./checkout/checkout";
import { ControlServer } from "./control/server";
import { obstacle } from "./machine/obstacle";
import { settingsFrom, type Generation, type SandboxOptions, type Settings } from "./options";
import { RethinkdbServer, type SandboxRethinkdb } from "./rethinkdb/server";
import type { Row } from "./row";
import { type PortalState, Site } from "./site";
import { Door, type LoggedRequest } from "./web/door";
import type { ApiFault } from "./web/faults";
import type { Ground } from "./world/ground";
import type { SandboxHost } from "./world/host";
import { Loopback } from "./world/loopback";
import { Machines } from "./world/machines";

/** A running site and the switches of its world. */
export interface Sandbox {
    /** Scheme, host and port: the paths of the API come after it. */
    apiUrl: string;
    caCert: string | undefined;
    apiSecret: string;
    hypervisorsSecret: string;
    generation: Generation;
    admin: { username: string; password: string; category: string };
    /** Every API request answered, in order. */
    requests: LoggedRequest[];
    clearRequests: () => void;
    /** The raw table, as the database has it. */
    hypervisors: {
        get: (id: string) => Row | undefined;
        all: () => Row[];
        /** Raw insert or deep merge; the engine sees it. */
        set: (id: string, row: Row) => void;
        delete: (id: string) => void;
        /** Called after each change, until the function that it returns is. */
        onChange: (listener: () => void) => () => void;
    };
    interfaces: () => Row[];
    /** Raw: these rows and no other. */
    setInterfaces: (rows: readonly Row[]) => void;
    host: (name: string) => SandboxHost;
    addHost: (name: string) => SandboxHost;
    hosts: () => SandboxHost[];
    /** Returns a function that takes the fault away. */
    fault(fault: ApiFault): () => void;
    clearFaults: () => void;
    engine: {
        stop: () => void;
        start: () => void;
        /** Whether the file with its public key is where registration looks for it. */
        keyFile: (there: boolean) => void;
        /** Takes a host's key out of its known_hosts. */
        forgetHostKey: (hostname: string, port: string) => void;
        /** Puts the key that the host shows now into it, as its registration would; false when nothing answers there. */
        learnHostKey: (hostname: string, port: string) => Promise<boolean>;
    };
    clock: {
        /** Sets the server's clock forward. */
        forward: (seconds: number) => void;
        /** Seconds of the site that its work has waited, all together: nothing of the machine's own slowness. */
        slept: () => number;
        /** Until so many seconds of the site have passed, with all that they were to bring. */
        pass: (seconds: number) => Promise<void>;
    };
    vpn: {
        stop: () => void;
        start: () => void;
        /** Recreates isard-vpn with another port for hypervisors, or with none. */
        publish: (port: number | undefined) => void;
    };
    /** The site's portal as its hosts find it. */
    portal: PortalState;
    /** How an operator logs in to "server" and to each host, by name; none where the hosts are no machines. */
    connections: () => Record<string, ConnectionArgs>;
    /** Of the control API, when there is one. */
    controlUrl: string | undefined;
    /** The database's own door, when `rethinkdbPort` asks for it. */
    rethinkdb: SandboxRethinkdb | undefined;
    stop: () => Promise<void>;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
    const settings = settingsFrom(options);
    const certificate = settings.tls || settings.rethinkdbTls ? await selfSigned(settings.certificateNames) : undefined;
    const site = new Site(settings, await ground(settings));
    const door = new Door(portal(site), site.clock, settings.tls ? certificate : undefined, site.video);
    const control = settings.controlPort === undefined ? undefined : new ControlServer(site, door.faults);
    const rethinkdb =
        settings.rethinkdbPort === undefined
            ? undefined
            : new RethinkdbServer(site, settings.rethinkdbUsers, settings.rethinkdbTls ? certificate : undefined);
    const stop = async (): Promise<void> => {
        await Promise.all([door.stop(), control?.stop(), rethinkdb?.close()]);
        await site.stop();
    };
    try {
        const port = await door.listen(settings.port);
        await site.world.ready();
        await site.world.ground.checkout(cfgOf(settings));
        site.opened({ port, tls: settings.tls }, () => door.requests.map(shown));
        const controlUrl = await control?.listen(settings.controlPort ?? 0);
        await rethinkdb?.listen(settings.rethinkdbPort ?? 0);
        if (rethinkdb) await site.world.ground.database(rethinkdb.port);
        const apiUrl = `${settings.tls ? "https" : "http"}://127.0.0.1:${port}`;
        return running({ site, door, apiUrl, controlUrl, caCert: certificate?.cert, rethinkdb, stop });
    } catch (error) {
        // a taken port must not leave the hosts listening
        await stop();
        throw error;
    }
}

async function ground({ machines, packages }: Settings): Promise<Ground> {
    if (!machines) return new Loopback();
    const reason = obstacle(packages);
    if (reason !== undefined) throw new Error(`The sandbox's hosts cannot be machines of their own: ${reason}.`);
    return await Machines.start(packages);
}

interface Parts {
    site: Site;
    door: Door;
    apiUrl: string;
    controlUrl: string | undefined;
    caCert: string | undefined;
    rethinkdb: SandboxRethinkdb | undefined;
    stop: () => Promise<void>;
}

function running({ site, door, ...parts }: Parts): Sandbox {
    const { settings } = site;
    const { hypervisors, interfaces } = site.database;
    const [admin] = site.sessions.users;
    return {
        ...parts,
        apiSecret: settings.apiSecret,
        hypervisorsSecret: settings.hypervisorsSecret,
        generation: settings.generation,
        admin: { username: admin?.username ?? "", password: admin?.password ?? "", category: admin?.category ?? "" },
        requests: door.requests,
        clearRequests: () => void door.requests.splice(0),
        hypervisors: {
            get: (id) => hypervisors.get(id),
            all: () => hypervisors.all(),
            set: (id, row) => hypervisors.upsert(id, row),
            delete: (id) => void hypervisors.delete(id),
            onChange: (listener) => hypervisors.onChange(listener),
        },
        interfaces: () => interfaces.all(),
        setInterfaces: (rows) => {
            for (const { id } of interfaces.all()) interfaces.delete(String(id));
            for (const row of rows) interfaces.put(String(row.id), row);
        },
        host: (name) => site.world.host(name),
        addHost: (name) => site.world.add(name),
        hosts: () => site.world.all(),
        fault: (fault) => door.faults.add(fault),
        clearFaults: () => door.faults.clear(),
        connections: () => site.world.ground.connections(),
        engine: {
            stop: () => site.engine.stop(),
            start: () => site.engine.start(),
            keyFile: (there) => void (site.ssh.hasKeyFile = there),
            forgetHostKey: (hostname, port) => site.ssh.forgetHostKey(hostname, port),
            learnHostKey: (hostname, port) => site.ssh.keyscan(hostname, port),
        },
        clock: {
            forward: (seconds) => site.clock.forward(seconds),
            slept: () => site.clock.slept / 1000,
            pass: (seconds) => new Promise((resolve) => site.clock.after(seconds * 1000, resolve)),
        },
        vpn: {
            stop: () => site.vpn.turn(false),
            start: () => site.vpn.turn(true),
            publish: (port) => site.vpn.publish(port),
        },
        portal: site.portalState,
    };
}

/** As the API's own log has it. */
const shown = ({ method, path, status, at }: LoggedRequest): string =>
    `${new Date(at).toISOString()} "${method} ${path}" ${status}`;

async function selfSigned(names: string[]): Promise<{ key: string; cert: string }> {
    const altNames = names.map((value) =>
        /^[\d.]+$/.test(value) ? { type: 7 as const, ip: value } : { type: 2 as const, value },
    );
    const pair = await generate([{ name: "commonName", value: names[0] ?? "*.localdomain" }], {
        keySize: 2048,
        extensions: [
            { name: "basicConstraints", cA: true },
            { name: "subjectAltName", altNames },
        ],
    });
    return { key: pair.private, cert: pair.cert };
}
