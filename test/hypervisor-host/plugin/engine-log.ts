import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Tells Pulumi's engine something of a resource, as a plugin does. */
export function engineLog(address: string): (severity: "INFO" | "WARNING", urn: string, text: string) => Promise<void> {
    const engine = new EngineClient(address, grpc.credentials.createInsecure());
    return (severity, urn, text) =>
        new Promise((resolve, reject) => {
            const request = new LogRequest();
            request.setSeverity(LogSeverity[severity]);
            request.setUrn(urn);
            request.setMessage(text);
            engine.log(request, (error) => (error ? reject(error) : resolve()));
        });
}
