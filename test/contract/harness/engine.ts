import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

export interface Line {
    severity: number;
    message: string;
    urn: string;
    ephemeral: boolean;
}

/** Stands in for the engine: keeps every line that the provider logs. */
export async function startEngine(): Promise<{ address: string; lines: Line[]; stop(): void }> {
    const lines: Line[] = [];
    const server = new grpc.Server();
    server.addService(EngineService, {
        log(call: { request: LogRequest }, callback: (error: null, answer: Empty) => void) {
            const { request } = call;
            lines.push({
                severity: request.getSeverity(),
                message: request.getMessage(),
                urn: request.getUrn(),
                ephemeral: request.getEphemeral(),
            });
            callback(null, new Empty());
        },
    });
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        ),
    );
    return { address: `127.0.0.1:${port}`, lines, stop: () => server.forceShutdown() };
}
