import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

export type Values = Record<string, unknown>;

/** A failed create or update; `initError` is there when the resource exists all the same. */
export class RpcError extends Error {
    constructor(
        message: string,
        readonly initError?: { id: string; properties: Values; reasons: string[] },
    ) {
        super(message);
    }
}

const struct = (values: Values): Struct => Struct.fromJavaScript(values as { [key: string]: JavaScriptValue });
const plain = (value: Struct | undefined): Values => value?.toJavaScript() ?? {};

/** The provider's calls as promises over plain values, as the engine makes them. */
export function openRpc(port: number) {
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const send = <Answer>(
        call: (callback: (error: grpc.ServiceError | null, answer: Answer) => void) => unknown,
    ): Promise<Answer> =>
        new Promise((resolve, reject) =>
            call((error, answer) => (error ? reject(asRpcError(error)) : resolve(answer))),
        );
    return {
        close: () => client.close(),
        async configure(config: Values) {
            const request = new messages.ConfigureRequest();
            request.setArgs(struct(config));
            await send<messages.ConfigureResponse>((callback) => client.configure(request, callback));
        },
        async check(olds: Values, news: Values) {
            const request = new messages.CheckRequest();
            request.setOlds(struct(olds));
            request.setNews(struct(news));
            const answer = await send<messages.CheckResponse>((callback) => client.check(request, callback));
            const failures = answer
                .getFailuresList()
                .map((each) => ({ property: each.getProperty(), reason: each.getReason() }));
            return { inputs: plain(answer.getInputs()), failures };
        },
        async diff(id: string, olds: Values, news: Values) {
            const request = new messages.DiffRequest();
            request.setId(id);
            request.setOlds(struct(olds));
            request.setNews(struct(news));
            const answer = await send<messages.DiffResponse>((callback) => client.diff(request, callback));
            return {
                changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
                replaces: answer.getReplacesList(),
                deleteBeforeReplace: answer.getDeletebeforereplace(),
            };
        },
        async create(properties: Values) {
            const request = new messages.CreateRequest();
            request.setProperties(struct(properties));
            const answer = await send<messages.CreateResponse>((callback) => client.create(request, callback));
            return { id: answer.getId(), state: plain(answer.getProperties()) };
        },
        async read(id: string, properties: Values) {
            const request = new messages.ReadRequest();
            request.setId(id);
            request.setProperties(struct(properties));
            const answer = await send<messages.ReadResponse>((callback) => client.read(request, callback));
            return { id: answer.getId(), state: plain(answer.getProperties()) };
        },
        async update(id: string, olds: Values, news: Values) {
            const request = new messages.UpdateRequest();
            request.setId(id);
            request.setOlds(struct(olds));
            request.setNews(struct(news));
            return plain(
                (await send<messages.UpdateResponse>((callback) => client.update(request, callback))).getProperties(),
            );
        },
        async delete(id: string, properties: Values) {
            const request = new messages.DeleteRequest();
            request.setId(id);
            request.setProperties(struct(properties));
            await send<Empty>((callback) => client.delete(request, callback));
        },
        async cancel() {
            await send<Empty>((callback) => client.cancel(new Empty(), callback));
        },
    };
}

function asRpcError(error: grpc.ServiceError): RpcError {
    const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
    if (!details) return new RpcError(error.details);
    const [any] = Status.deserializeBinary(details as Buffer).getDetailsList();
    if (!any) return new RpcError(error.details);
    const failed = messages.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
    return new RpcError(error.details, {
        id: failed.getId(),
        properties: plain(failed.getProperties()),
        reasons: failed.getReasonsList(),
    });
}
