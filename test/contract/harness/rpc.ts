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

/** The provider's calls as promises over plain values, as the engine makes them; `mark` is added to each `__provider`. */
export function openRpc(port: number, mark = "") {
    const { struct, plain } = marking(mark);
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const underWay = new Set<Promise<unknown>>();
    const pending = <Answer>(call: Promise<Answer>): Promise<Answer> => {
        underWay.add(call);
        const done = (): boolean => underWay.delete(call);
        call.then(done, done);
        return call;
    };
    const send = <Answer>(
        call: (callback: (error: grpc.ServiceError | null, answer: Answer) => void) => unknown,
    ): Promise<Answer> =>
        pending(
            new Promise((resolve, reject) =>
                call((error, answer) => (error ? reject(asRpcError(error, plain)) : resolve(answer))),
            ),
        );
    return {
        close: () => client.close(),
        /** When no call is under way. */
        settled: () => Promise.allSettled(underWay),
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

/** Values to messages and back; what the test has and gets is without the mark. */
function marking(mark: string) {
    const marked = (values: Values, change: (provider: string) => string): Values => {
        const { __provider: provider } = values;
        return typeof provider === "string" ? { ...values, __provider: change(provider) } : values;
    };
    const unmark = (text: string): string => (text.endsWith(mark) ? text.slice(0, text.length - mark.length) : text);
    return {
        struct: (values: Values): Struct =>
            Struct.fromJavaScript(marked(values, (text) => text + mark) as { [key: string]: JavaScriptValue }),
        plain: (value: Struct | undefined): Values => marked(value?.toJavaScript() ?? {}, unmark),
    };
}

function asRpcError(error: grpc.ServiceError, plain: (value: Struct | undefined) => Values): RpcError {
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
