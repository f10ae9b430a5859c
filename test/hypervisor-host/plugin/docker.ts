import { spawnSync } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { version } from "@pulumi/docker/package.json";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
    CheckResponse,
    type CheckRequest,
    type ConfigureRequest,
    ConfigureResponse,
    type InvokeRequest,
    InvokeResponse,
    type ReadRequest,
    ReadResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

interface Container {
    Id: string;
    NetworkSettings: { Networks: Record<string, { IPAddress: string }> };
}
interface Network {
    Id: string;
    Name: string;
    Driver: string;
    Containers: Record<string, { Name: string; IPv4Address: string }>;
}

const config: { host?: string; sshOpts?: string[] } = {};

/** Runs docker on the host as Docker's own client does for ssh://: by the machine's ssh, without a shell. */
function docker(command: string): string {
    const { hostname, port, username } = new URL(config.host ?? "");
    const target = [...(username ? ["-l", username] : []), ...(port ? ["-p", port] : []), "--", hostname];
    const { status, stdout, stderr } = spawnSync("ssh", [...(config.sshOpts ?? []), ...target, `docker ${command}`]);
    if (status !== 0) throw new Error(`1 error occurred:\n\t* ${stderr.toString().trim()}\n\n`);
    return stdout.toString();
}

function network(name: string): object {
    const [found] = JSON.parse(docker(`network inspect ${name}`)) as Network[];
    if (!found) throw new Error(`Could not find docker network: ${name}`);
    // Docker lists containers that run, and no others
    const containers = Object.entries(found.Containers).map(([containerId, each]) => ({
        containerId,
        name: each.Name,
        ipv4Address: each.IPv4Address,
        ipv6Address: "",
        macAddress: "",
        endpointId: "",
    }));
    return { id: found.Id, name: found.Name, driver: found.Driver, scope: "local", internal: false, containers };
}

/** By the whole id, whatever else names it; undefined where there is none. */
function container(id: string): object | undefined {
    if (!docker("ps -aq --no-trunc").split("\n").includes(id)) return undefined;
    const [found] = JSON.parse(docker(`inspect ${id}`)) as Container[];
    const networks = Object.values(found?.NetworkSettings.Networks ?? {});
    return { networkDatas: networks.map(({ IPAddress }) => ({ ipAddress: IPAddress })) };
}

const struct = (values: object): Struct => Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as never);

type Handler<Request, Answer> = (
    call: { request: Request },
    done: (error: Error | null, answer?: Answer) => void,
) => void;

/** Answers with what a function yields, or with its error. */
const answering =
    <Request, Answer>(answer: (request: Request) => Answer): Handler<Request, Answer> =>
    ({ request }, done) => {
        try {
            done(null, answer(request));
        } catch (error) {
            done(error instanceof Error ? error : new Error(String(error)));
        }
    };

/** Stands in for @pulumi/docker's plugin, as 5.0.0 was seen: what a HypervisorHost reads, or once has read. */
const plugin = {
    getPluginInfo: answering(() => {
        const info = new PluginInfo();
        // Pulumi warns of a plugin that is older than its package
        info.setVersion(version);
        return info;
    }),
    checkConfig: answering((request: CheckRequest) => {
        const answer = new CheckResponse();
        answer.setInputs(request.getNews());
        return answer;
    }),
    configure: answering((request: ConfigureRequest) => {
        const { host, sshOpts } = (request.getArgs()?.toJavaScript() ?? {}) as Record<string, string | undefined>;
        if (host !== undefined) config.host = host;
        if (sshOpts !== undefined) config.sshOpts = JSON.parse(sshOpts) as string[];
        return new ConfigureResponse();
    }),
    invoke: answering((request: InvokeRequest) => {
        if (request.getTok() !== "docker:index/getNetwork:getNetwork") throw new Error(`no ${request.getTok()} here`);
        const { name } = (request.getArgs()?.toJavaScript() ?? {}) as { name?: string };
        const answer = new InvokeResponse();
        answer.setReturn(struct(network(name ?? "")));
        return answer;
    }),
    read: answering((request: ReadRequest) => {
        const answer = new ReadResponse();
        const found = container(request.getId());
        if (found === undefined) return answer;
        answer.setId(request.getId());
        answer.setProperties(struct(found));
        return answer;
    }),
    cancel: answering(() => new Empty()),
};

const server = new grpc.Server();
server.addService(ResourceProviderService, plugin);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(String(port));
});
