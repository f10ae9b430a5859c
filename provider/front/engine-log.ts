import { createRequire } from "node:module";
import { printable } from "../printable";
import type { Log } from "../world";

type Severity = "DEBUG" | "INFO" | "WARNING" | "ERROR";
type Send = (severity: Severity, message: string, urn: string, ephemeral: boolean) => void;

/** What this front uses of @pulumi/pulumi's generated protobuf modules. */
interface LogRequest {
    setSeverity(value: number): void;
    setMessage(value: string): void;
    setUrn(value: string): void;
    setEphemeral(value: boolean): void;
}
interface EngineModules {
    LogRequest: new () => LogRequest;
    LogSeverity: Record<Severity, number>;
}
interface EngineClient {
    log(request: LogRequest, callback: () => void): void;
}

let send: Send | undefined;
let pending = 0;
const idle: (() => void)[] = [];

/** Lines on the resource's own line of `pulumi up`; the engine's address is the process's first argument. */
export function engineLog(urn: string | undefined): Log {
    const line = (severity: Severity, ephemeral: boolean) => (message: string) => {
        send ??= connect();
        send(severity, message, urn ?? "", ephemeral);
    };
    return {
        debug: line("DEBUG", false),
        info: line("INFO", false),
        warn: line("WARNING", false),
        error: line("ERROR", false),
        status: line("INFO", true),
    };
}

/** Resolves when every line is with the engine. */
export function flushed(): Promise<void> {
    return pending === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve));
}

function connect(): Send {
    const address = process.argv[2];
    if (!address) return () => undefined;
    const beside = createRequire(process.argv[1] ?? __filename);
    const grpc = beside("@grpc/grpc-js") as { credentials: { createInsecure(): unknown } };
    const { EngineClient } = beside("@pulumi/pulumi/proto/engine_grpc_pb") as {
        EngineClient: new (address: string, credentials: unknown) => EngineClient;
    };
    const { LogRequest, LogSeverity } = beside("@pulumi/pulumi/proto/engine_pb") as EngineModules;
    const client = new EngineClient(address, grpc.credentials.createInsecure());
    return (severity, message, urn, ephemeral) => {
        const request = new LogRequest();
        request.setSeverity(LogSeverity[severity]);
        request.setMessage(printable(message));
        request.setUrn(urn);
        request.setEphemeral(ephemeral);
        pending += 1;
        // a lost line must never fail the operation it speaks of
        client.log(request, () => {
            pending -= 1;
            if (pending === 0) idle.splice(0).forEach((resolve) => resolve());
        });
    };
}
