#!/usr/bin/env node
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { machinesObstacle, startSandbox, type Sandbox, type SandboxOptions } from "./index";

const HELP = `Usage: pulumi-isardvdi-sandbox [options]

An IsardVDI site on this machine: its API, its engine and its hypervisor hosts.

  --generation v4|v3    which generation of the API it serves (v4)
  --port N              port of the API on 127.0.0.1; 0 takes a free one (8443)
  --tls                 serve https with a self-signed certificate
  --time-scale N        how many times faster than life everything happens (1)
  --hosts h1,h2         names of the hosts (h1,h2,h3)
  --[no-]machines       make each host a Linux machine with sshd and a firewall (where this machine allows it)
  --packages FOLDER     a whole Debian, or what this machine lacks of the packages that such hosts need
  --self-register h1,h2 hosts whose hypervisor container registers itself
  --vpn-mode MODE       wireguard+geneve or geneve (wireguard+geneve)
  --control-port N      serve the control API, which changes the world, on this port
  --rethinkdb-port N    serve the site's database on this port of 127.0.0.1; 0 takes a free one
  --api-secret S        the site's API_ISARDVDI_SECRET
  --ready-file PATH     write how to reach the site there, as JSON, once it listens
  --help                this text
`;

interface Wanted extends SandboxOptions {
    readyFile: string | undefined;
    /** Why the hosts are no machines, although nobody said so. */
    obstacle: string | undefined;
}

function options(): Wanted | "help" {
    const { values } = parseArgs({
        options: {
            generation: { type: "string", default: "v4" },
            port: { type: "string", default: "8443" },
            tls: { type: "boolean", default: false },
            "time-scale": { type: "string", default: "1" },
            hosts: { type: "string", default: "h1,h2,h3" },
            machines: { type: "boolean" },
            packages: { type: "string" },
            "self-register": { type: "string", default: "" },
            "vpn-mode": { type: "string", default: "wireguard+geneve" },
            "control-port": { type: "string" },
            "rethinkdb-port": { type: "string" },
            "api-secret": { type: "string" },
            "ready-file": { type: "string" },
            help: { type: "boolean", default: false },
        },
        allowNegative: true,
    });
    if (values.help) return "help";
    const { machines, packages } = values;
    const obstacle = machines === undefined ? machinesObstacle(packages) : undefined;
    return {
        machines: machines ?? obstacle === undefined,
        packages,
        obstacle,
        generation: oneOf("--generation", values.generation, ["v4", "v3"] as const),
        port: port("--port", values.port),
        tls: values.tls,
        timeScale: factor("--time-scale", values["time-scale"]),
        hosts: names(values.hosts),
        selfRegister: names(values["self-register"]),
        vpnMode: oneOf("--vpn-mode", values["vpn-mode"], ["wireguard+geneve", "geneve"] as const),
        ...(values["control-port"] !== undefined && { controlPort: port("--control-port", values["control-port"]) }),
        ...(values["rethinkdb-port"] !== undefined && {
            rethinkdbPort: port("--rethinkdb-port", values["rethinkdb-port"]),
        }),
        ...(values["api-secret"] !== undefined && { apiSecret: values["api-secret"] }),
        readyFile: values["ready-file"],
    };
}

const names = (list: string): string[] => list.split(",").filter((name) => name !== "");

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new Error(`${name} must be ${allowed.join(" or ")}, not "${value}".`);
    return found;
}

function port(name: string, value: string): number {
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65535) return Number(value);
    throw new Error(`${name} must be a port from 0 to 65535, not "${value}".`);
}

function factor(name: string, value: string): number {
    const result = Number(value);
    if (value.trim() !== "" && Number.isFinite(result) && result > 0) return result;
    throw new Error(`${name} must be a number above 0, not "${value}".`);
}

function access(sandbox: Sandbox): object {
    return {
        apiUrl: sandbox.apiUrl,
        apiSecret: sandbox.apiSecret,
        apiSecretKid: "isardvdi",
        username: sandbox.admin.username,
        password: sandbox.admin.password,
        controlUrl: sandbox.controlUrl,
        rethinkdb: sandbox.rethinkdb && { host: sandbox.rethinkdb.host, port: sandbox.rethinkdb.port },
        connections: sandbox.connections(),
        generation: sandbox.generation,
        caCert: sandbox.caCert,
        pid: process.pid,
    };
}

function hostsLine(connections: string[], obstacle: string | undefined): string {
    if (connections.length > 0)
        return `  machines: ${connections.join(", ")}; how to log in to them stands in the ready file\n`;
    const left =
        "the hosts are no machines of their own: nothing can be forwarded on them, and their port 2022 is open";
    return `  ${left}${obstacle === undefined ? "" : ` (${obstacle})`}\n`;
}

async function main(): Promise<void> {
    const wanted = options();
    if (wanted === "help") {
        process.stdout.write(HELP);
        return;
    }
    const { readyFile, obstacle, ...site } = wanted;
    const sandbox = await startSandbox(site);
    const { admin } = sandbox;
    const names = sandbox.hosts().map((host) => host.name);
    process.stdout.write(
        `IsardVDI ${sandbox.generation} sandbox: ${sandbox.apiUrl} (${names.join(", ")})\n` +
            `  apiSecret: ${sandbox.apiSecret}\n  login: ${admin.username} / ${admin.password}, category ${admin.category}\n` +
            (sandbox.rethinkdb === undefined
                ? ""
                : `  database: ${sandbox.rethinkdb.host}:${sandbox.rethinkdb.port}\n`) +
            (sandbox.controlUrl === undefined ? "" : `  control: ${sandbox.controlUrl}\n`) +
            hostsLine(Object.keys(sandbox.connections()), obstacle),
    );
    const stop = (): void => {
        if (readyFile !== undefined) rmSync(readyFile, { force: true });
        void sandbox.stop().then(() => process.exit(0));
    };
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
    if (readyFile === undefined) return;
    // renamed into place: whoever waits for the file never reads half of it
    const draft = `${readyFile}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(access(sandbox))}\n`, { mode: 0o600 });
    renameSync(draft, readyFile);
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
